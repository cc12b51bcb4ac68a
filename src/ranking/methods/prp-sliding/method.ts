/** PRP by a window of two that slides up the list, as many times as there are passes. */
import { runSchedule } from '../../pairwise.ts';
import { PRP } from '../../presets.ts';
import { slidingWindow, slidingWindowComparisons } from '../../schedules/sliding-window.ts';
import { type BeginSchedule, type MethodDescriptor, POINTS } from '../descriptor.ts';

const begin: BeginSchedule = (size, table, { passes }) => slidingWindow(size, table, passes);

export const prpSliding = {
  id: 'prp-sliding',
  title: 'PRP sliding window',
  term: 'prp',
  summary: 'a window of two slides up the list, --passes times',
  needs: 'logits',
  kind: 'pairwise',
  labels: 2,
  template: PRP,
  takes: ['passes'],
  style: POINTS,
  byPlace: true,
  plannedCalls: (n, { passes }) => ({ calls: 2 * slidingWindowComparisons(n, passes), upperBound: true }),
  schedule: { name: 'sliding', title: 'Sliding window', begin },
  run: runSchedule(begin),
} as const satisfies MethodDescriptor;
