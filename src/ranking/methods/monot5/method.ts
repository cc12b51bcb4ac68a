/**
 * monoT5: log-probability of its first label (true) among its two, one call per passage. Nogueira et al. 2020, section 3;
 * pygaggle's MonoT5 takes the log-softmax over the logits of false and true.
 */
import { firstAmongTwo, rankPointwise } from '../../pointwise.ts';
import { MONO_T5 } from '../../presets.ts';
import type { MethodDescriptor } from '../descriptor.ts';

export const monoT5 = {
  id: 'monot5',
  title: 'monoT5',
  term: 'monot5',
  summary: 'one call per passage, score = log-probability of the first of two labels',
  needs: 'logits',
  kind: 'pointwise',
  labels: 2,
  template: MONO_T5,
  takes: [],
  style: { label: 'log p(true)', term: 'logTrue', decimals: 3 },
  byPlace: false,
  plannedCalls: (n) => ({ calls: n, upperBound: false }),
  run:
    () =>
    (...args) =>
      rankPointwise(firstAmongTwo, ...args),
} as const satisfies MethodDescriptor;
