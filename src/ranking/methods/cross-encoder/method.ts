/**
 * Cross-encoder: query and passage are read together, as a pair of texts, by an encoder with a classification head; one call
 * per passage. Nogueira and Cho 2019 (arXiv 1901.04085); the models of Sentence Transformers, BGE and Mixedbread.
 */
import { askRelevance, RELEVANCE_KEY_PARTS } from '../../ask-relevance.ts';
import { type PointwiseScore, rankPointwise } from '../../pointwise.ts';
import { PAIR_TEXT, type TemplateOf } from '../../template.ts';
import type { MethodDescriptor } from '../descriptor.ts';

/** @param labels of the head, the relevant one first */
export const pairTemplate = (labels: readonly string[]): TemplateOf<'relevance'> => ({
  id: 'query-and-passage',
  version: 1,
  name: 'Query and passage as they are',
  kind: 'relevance',
  text: PAIR_TEXT,
  decoderPrefix: '',
  labels,
  source: 'The model reads a pair of texts',
});

/**
 * The logit of a head with one output. Of a head with several, the log-odds of the relevant one against all others; of two,
 * that is the difference of their logits. Either gives the order of the probability of being relevant.
 */
export const relevanceLogit: PointwiseScore = ([relevant, ...others]) => {
  if (others.length === 0) return relevant!;
  const most = Math.max(...others);
  return relevant! - most - Math.log(others.reduce((sum, other) => sum + Math.exp(other - most), 0));
};

export const crossEncoder = {
  id: 'cross-encoder',
  title: 'cross-encoder',
  term: 'crossEncoder',
  summary:
    'one call per passage, score = logit of a classification head that reads query and passage together',
  needs: 'relevance',
  kind: 'relevance',
  labels: 1,
  template: pairTemplate(['relevance']),
  takes: [],
  style: { label: 'relevance', term: 'relevanceLogit', decimals: 3 },
  byPlace: false,
  plannedCalls: (n) => ({ calls: n, upperBound: false }),
  run:
    () =>
    (...args) =>
      rankPointwise(relevanceLogit, ...args, { ask: askRelevance, keyParts: RELEVANCE_KEY_PARTS }),
} as const satisfies MethodDescriptor;
