/** How students rank: the logit of the positive label, one call per passage (paper, section 3.3). */
import { positiveLogit, rankPointwise } from '../../pointwise.ts';
import { STUDENT } from '../../presets.ts';
import type { MethodDescriptor } from '../descriptor.ts';

export const pointwiseYes = {
  id: 'pointwise-yes',
  formerIds: ['student'],
  title: 'pointwise',
  term: 'pointwise',
  summary: 'one call per passage, score = logit of the first label',
  needs: 'logits',
  kind: 'pointwise',
  labels: 1,
  template: STUDENT,
  takes: [],
  style: { label: 'logit', term: 'logit', decimals: 2 },
  byPlace: false,
  plannedCalls: (n) => ({ calls: n, upperBound: false }),
  run:
    () =>
    (...args) =>
      rankPointwise(positiveLogit, ...args),
} as const satisfies MethodDescriptor;
