/**
 * Pointwise methods: every passage is scored alone, n calls. The student's score is the logit of its
 * positive label (paper, section 3.3); relevance generation ranks by logit Yes − logit No, or by the
 * paper's Eq. 2 over true probabilities; monoT5 by the log-probability of true against false.
 */
import { RankscopeError } from '../errors.ts';
import type { Candidate, Query } from '../types.ts';
import type { LogitsAnswer } from './answer.ts';
import { type Answer, type AskContext, costOf } from './ask.ts';
import { askLogits } from './ask-logits.ts';
import { createKeys } from './cache-key.ts';
import { rankPartially } from './orders.ts';
import { preparePassage, renderPrepared, wordLimit } from './render.ts';
import type { PromptTemplate } from './template.ts';
import type { RankingEvent, ScoredPassage } from './types.ts';

/** A passage's score from its label logits and, where asked for, the log-sum-exp over the vocabulary. */
export type PointwiseScore = (logits: readonly number[], logSumExp?: number) => number;

/** The student's score: the logit of the positive label. */
export const positiveLogit: PointwiseScore = ([yes]) => yes!;

/** Relevance generation on logits: the order of p(Yes) / p(No), free of the ties of saturated probabilities. */
export const logitMargin: PointwiseScore = ([yes, no]) => yes! - no!;

/** monoT5's: the log-probability of the first label among the two, at most 0. */
export const firstAmongTwo: PointwiseScore = ([yes, no]) => {
  const margin = no! - yes!;
  // −log(1 + e^margin), without overflow.
  return -(Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))));
};

/** Eq. 2 with p = exp(logit − logSumExp): 1 + p(Yes) if the model says Yes, else 1 − p(No). From 0 to 2. */
export const saidRelevant: PointwiseScore = ([yes, no], logSumExp) => {
  if (logSumExp === undefined) {
    throw new RankscopeError('internal', 'True probabilities need a scorer that gives the log-sum-exp.');
  }
  return yes! > no! ? 1 + Math.exp(yes! - logSumExp) : 1 - Math.exp(no! - logSumExp);
};

/** How a passage's logits are asked for. */
export interface PointwiseWay {
  readonly ask: typeof askLogits;
  /** What an answer depends on beside the prompt. */
  readonly keyParts: readonly string[];
}

const BY_LABELS: PointwiseWay = { ask: askLogits, keyParts: [] };

/**
 * Scores all candidates; `scored` and `ranking` after every batch. While some have no score yet their
 * entry in `scores` is NaN and they keep their first-stage place (orders.ts, rankPartially).
 */
export async function* rankPointwise(
  score: PointwiseScore,
  template: PromptTemplate,
  query: Query,
  candidates: readonly Candidate[],
  context: AskContext,
  { ask, keyParts }: PointwiseWay = BY_LABELS,
): AsyncGenerator<RankingEvent> {
  const { model, limits = {} } = context;
  const key = createKeys(model.info, template, limits, query, candidates, keyParts);
  const maxWords = wordLimit(template, limits);
  const scores = candidates.map(() => Number.NaN);
  const questions = candidates.map(({ passage }, index) => ({
    key: key(index),
    render: () => renderPrepared(template, query, [preparePassage(passage, maxWords, template.titles)]),
  }));
  if (questions.length === 0) yield { type: 'ranking', order: [], scores: [] };
  for await (const answers of ask(questions, context)) {
    const items = answers.map((answer) => toScored(score, answer));
    for (const item of items) scores[item.index] = item.score;
    yield { type: 'scored', items };
    yield { type: 'ranking', ...rankPartially(scores) };
  }
}

function toScored(score: PointwiseScore, given: Answer<LogitsAnswer>): ScoredPassage {
  const { logits, logSumExp } = given.answer;
  return { index: given.index, logits, logSumExp, ...costOf(given), score: score(logits, logSumExp) };
}
