/** PRP on a random sample of the pairs, put in order by Bradley–Terry. */
import { runSchedule } from '../../pairwise.ts';
import { PRP } from '../../presets.ts';
import { sparse, sparseCalls } from '../../schedules/sparse.ts';
import type { BeginSchedule, MethodDescriptor } from '../descriptor.ts';

const begin: BeginSchedule = (size, table, { budget }, seed) => sparse(size, table, budget, seed);

export const prpSparse = {
  id: 'prp-sparse',
  title: 'PRP sparse',
  term: 'sparse',
  summary: 'a connected random graph of --budget calls, ordered by Bradley–Terry',
  needs: 'logits',
  kind: 'pairwise',
  labels: 2,
  template: PRP,
  takes: ['budget'],
  style: { label: 'strength', term: 'strength', decimals: 2 },
  byPlace: false,
  plannedCalls: (n, { budget }) => ({ calls: sparseCalls(n, budget), upperBound: false }),
  schedule: { name: 'sparse', title: 'Sparse random graph', begin },
  run: runSchedule(begin),
} as const satisfies MethodDescriptor;
