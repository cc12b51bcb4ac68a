/** Relevance generation: Yes or No about each passage, by logits or by the paper's Eq. 2. */
import { logitMargin, rankPointwise, saidRelevant } from '../../pointwise.ts';
import { RELEVANCE } from '../../presets.ts';
import type { MethodDescriptor } from '../descriptor.ts';

export const relevanceGeneration = {
  id: 'rg',
  title: 'relevance generation',
  term: 'rg',
  summary: 'relevance generation: logit Yes - logit No',
  needs: 'logits',
  kind: 'pointwise',
  labels: 2,
  template: RELEVANCE,
  takes: ['trueProbabilities'],
  style: { label: 'Yes − No', term: 'yesNo', decimals: 2 },
  byPlace: false,
  plannedCalls: (n) => ({ calls: n, upperBound: false }),
  run:
    ({ trueProbabilities }) =>
    (...args) =>
      rankPointwise(trueProbabilities ? saidRelevant : logitMargin, ...args),
} as const satisfies MethodDescriptor;
