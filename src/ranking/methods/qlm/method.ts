/**
 * Query likelihood (query generation, UPR): how probable the query is after the passage and an instruction to ask about it;
 * the mean log-probability of the query's tokens, one call per passage. Paper, Eq. 3; Sachan et al. 2022, section 2.2.
 */
import { meanLogLikelihood } from '../../../inference/ranker-model.ts';
import type { LikelihoodAnswer } from '../../answer.ts';
import type { Answer } from '../../ask.ts';
import { costOf } from '../../ask.ts';
import { askLikelihood, likelihoodKeyParts } from '../../ask-likelihood.ts';
import { createKeys } from '../../cache-key.ts';
import { rankPartially } from '../../orders.ts';
import { QUERY_GENERATION } from '../../presets.ts';
import { preparePassage, renderPrepared, targetText, wordLimit } from '../../render.ts';
import { ofKind } from '../../template.ts';
import type { ScoredPassage } from '../../types.ts';
import type { MethodDescriptor, RunMethod } from '../descriptor.ts';

const run: RunMethod = async function* (template, query, candidates, context) {
  const { model, limits = {} } = context;
  const target = targetText(ofKind(template, 'likelihood'), query);
  const key = createKeys(model.info, template, limits, query, candidates, likelihoodKeyParts(target));
  const maxWords = wordLimit(template, limits);
  const scores = candidates.map(() => Number.NaN);
  const questions = candidates.map(({ passage }, index) => ({
    key: key(index),
    render: () => ({
      ...renderPrepared(template, query, [preparePassage(passage, maxWords, template.titles)]),
      target,
    }),
  }));
  if (questions.length === 0) yield { type: 'ranking', order: [], scores: [] };
  for await (const answers of askLikelihood(questions, context)) {
    const items = answers.map(toScored);
    for (const item of items) scores[item.index] = item.score;
    yield { type: 'scored', items };
    yield { type: 'ranking', ...rankPartially(scores) };
  }
};

function toScored(given: Answer<LikelihoodAnswer>): ScoredPassage {
  const { logProbabilities } = given.answer;
  return { index: given.index, logits: [], ...costOf(given), score: meanLogLikelihood(logProbabilities) };
}

export const queryLikelihood = {
  id: 'qlm',
  title: 'Query likelihood',
  term: 'qlm',
  summary: 'one call per passage, score = mean log-probability of the query’s tokens after it (UPR)',
  needs: 'likelihood',
  kind: 'likelihood',
  labels: 0,
  template: QUERY_GENERATION,
  takes: [],
  style: { label: 'mean log p', term: 'meanLogP', decimals: 3 },
  byPlace: false,
  plannedCalls: (n) => ({ calls: n, upperBound: false }),
  run: () => run,
} as const satisfies MethodDescriptor;
