/** PRP for the first places alone: all pairs without the calls that can no longer change them. */
import { runSchedule } from '../../pairwise.ts';
import { PRP } from '../../presets.ts';
import { exactTop } from '../../schedules/exact-top.ts';
import type { BeginSchedule, MethodDescriptor } from '../descriptor.ts';
import { prpAllPairs } from '../prp-allpair/method.ts';

const begin: BeginSchedule = (size, table, { top }) => exactTop(size, table, top);

export const prpTopK = {
  id: 'prp-topk',
  title: 'PRP exact top k',
  term: 'topk',
  summary: 'the first --top places of all pairs, without the calls that cannot change them',
  needs: 'logits',
  kind: 'pairwise',
  labels: 2,
  template: PRP,
  takes: ['top'],
  // Wins so far; an open call counts half.
  style: prpAllPairs.style,
  byPlace: false,
  // A judge that contradicts itself everywhere leaves nothing that cannot change the top.
  plannedCalls: (n) => ({ calls: n === 0 ? 0 : n * (n - 1), upperBound: true }),
  schedule: { name: 'topk', title: 'Exact top k', begin },
  run: runSchedule(begin),
} as const satisfies MethodDescriptor;
