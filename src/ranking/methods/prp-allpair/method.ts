/** PRP over all pairs, both orders of each (paper, Eq. 4 and 5): n(n − 1) calls. */
import { runSchedule } from '../../pairwise.ts';
import { PRP } from '../../presets.ts';
import { allPairs } from '../../schedules/all-pairs.ts';
import type { MethodDescriptor } from '../descriptor.ts';

export const prpAllPairs = {
  id: 'prp-allpair',
  title: 'PRP all pairs',
  term: 'prp',
  summary: 'both orders of every pair, n(n-1) calls',
  needs: 'logits',
  kind: 'pairwise',
  labels: 2,
  template: PRP,
  takes: [],
  // Wins and halves, from 0 to 2(n − 1) (Eq. 5).
  style: { label: 'wins', term: 'wins', decimals: 1, full: (n) => 2 * (n - 1) },
  byPlace: false,
  plannedCalls: (n) => ({ calls: n === 0 ? 0 : n * (n - 1), upperBound: false }),
  schedule: { name: 'all-pairs', title: 'All pairs', begin: allPairs },
  run: runSchedule(allPairs),
} as const satisfies MethodDescriptor;
