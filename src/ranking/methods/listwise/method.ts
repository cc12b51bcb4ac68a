/** Listwise permutation (RankGPT, Sun et al. 2023; Eq. 6): the model writes the order of a window of passages. */
import { runListwise, windowsOf } from '../../listwise.ts';
import { RANK_GPT } from '../../presets.ts';
import type { MethodDescriptor } from '../descriptor.ts';

export const listwise = {
  id: 'listwise',
  title: 'Listwise',
  term: 'listwise',
  summary: 'the order of --window passages as the model writes it, in steps of --step, --repeats times',
  needs: 'generation',
  kind: 'listwise',
  labels: 0,
  template: RANK_GPT,
  takes: ['window', 'step', 'repeats'],
  style: { label: '1 / rank', term: 'reciprocal', decimals: 2, full: () => 1 },
  byPlace: true,
  shows: ({ window }) => window,
  plannedCalls: (n, choices) => ({
    calls: choices.repeats * windowsOf(n, choices).length,
    upperBound: false,
  }),
  run: runListwise,
} as const satisfies MethodDescriptor;
