/** PRP by heapsort: fewer pairs, and an order without scores of its own. */
import { runSchedule } from '../../pairwise.ts';
import { PRP } from '../../presets.ts';
import { heapsort, heapsortComparisons } from '../../schedules/heapsort.ts';
import { type BeginSchedule, type MethodDescriptor, POINTS } from '../descriptor.ts';

const begin: BeginSchedule = (size, table) => heapsort(size, table);

export const prpHeapsort = {
  id: 'prp-heapsort',
  title: 'PRP heapsort',
  term: 'prp',
  summary: 'fewer pairs by sorting',
  needs: 'logits',
  kind: 'pairwise',
  labels: 2,
  template: PRP,
  takes: [],
  style: POINTS,
  byPlace: true,
  plannedCalls: (n) => ({ calls: 2 * heapsortComparisons(n), upperBound: true }),
  schedule: { name: 'heapsort', title: 'Heapsort', begin },
  run: runSchedule(begin),
} as const satisfies MethodDescriptor;
