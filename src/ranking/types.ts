/**
 * The contract of a ranking method: an async stream of events that the screen, the command line,
 * the evaluation and the exports all read.
 */
import type { RankerModel } from '../inference/ranker-model.ts';
import type { ScorerInfo, Truncation } from '../inference/scorer.ts';
import type { Candidate, Query } from '../types.ts';

/** What an answer cost. */
export interface AnswerCost {
  readonly tokens: number;
  /** Tokens that the decoder judged or wrote; absent where it said a label, or where that is not known. */
  readonly outputs?: number;
  /** This prompt's share of its batch's time. */
  readonly ms: number;
  readonly cached: boolean;
  readonly cuts: readonly Truncation[];
}

/** One pointwise score. `index` is the candidate's position in first-stage order, from 0. */
export interface ScoredPassage extends AnswerCost {
  readonly index: number;
  /** What the method ranks by: the Yes logit (student), Yes − No (relevance generation) or Eq. 2. */
  readonly score: number;
  /** Logits of the template's labels, in their order. */
  readonly logits: readonly number[];
  /** Log-sum-exp over the vocabulary, where the method asks for it. */
  readonly logSumExp?: number;
}

/** One PRP decision for the *ordered* pair (a asked as passage A, b as passage B); indices as above. */
export interface Decision extends AnswerCost {
  readonly a: number;
  readonly b: number;
  readonly logitA: number;
  readonly logitB: number;
  /** c_ab of Eq. 4: 1 when A wins, 0 when B wins, 0.5 on exactly equal logits. */
  readonly preference: 0 | 0.5 | 1;
}

/**
 * One of several passages was named the best of them (setwise: Zhuang et al. 2024). Indices as above; the slot of a cut
 * is `passage_1` for the first one shown, and so on.
 */
export interface Comparison extends AnswerCost {
  /** In the order shown: at least two, each once. */
  readonly shown: readonly number[];
  /** One of those shown. */
  readonly winner: number;
  /** Logits of the labels of those shown; absent where the winner was read from text. */
  readonly logits?: readonly number[];
}

/** A window of passages was put in order in one answer (listwise: Sun et al. 2023). Indices and slots as above. */
export interface Listing extends AnswerCost {
  /** The window in the order shown: each once. */
  readonly shown: readonly number[];
  /** The same passages, best first; where the answer was malformed, as it was repaired. */
  readonly order: readonly number[];
  /** What the model wrote; absent where it gave an order at once. */
  readonly text?: string;
  /** The answer left passages out, repeated some or named others. */
  readonly malformed: boolean;
}

export type RankingEvent =
  /** Calls the method will make at most; `upperBound` when it may need fewer (heapsort, sliding window). */
  | { readonly type: 'planned'; readonly calls: number; readonly upperBound: boolean }
  /** One event a batch. */
  | { readonly type: 'scored'; readonly items: readonly ScoredPassage[] }
  | { readonly type: 'decided'; readonly items: readonly Decision[] }
  | { readonly type: 'compared'; readonly items: readonly Comparison[] }
  | { readonly type: 'listed'; readonly items: readonly Listing[] }
  /**
   * Best ranking known so far: candidate indices, best first; scores[i] belongs to order[i]. Never a
   * partial list. In the middle of a pointwise run a passage without a score yet has NaN (null in JSON) and keeps
   * its first-stage place. Heapsort and sliding window have no scores of their own: theirs are n − place.
   */
  | { readonly type: 'ranking'; readonly order: readonly number[]; readonly scores: readonly number[] }
  | { readonly type: 'done'; readonly totals: RankingTotals };

/** When it came: milliseconds since the ranking began, on a clock that does not jump. */
export interface Timed {
  readonly at: number;
}

export type TimedEvent = RankingEvent & Timed;

export interface RankingTotals {
  readonly planned: number;
  /** Calls really made in this run. */
  readonly asked: number;
  /** Answers taken from the cache. */
  readonly cached: number;
  /** Input tokens of the asked calls. */
  readonly tokens: number;
  /** The same with the padding of the batches that they ran in; absent where that is not known. */
  readonly padded?: number;
  /** Wall seconds of this run (model calls, tokenising and ordering). */
  readonly seconds: number;
}

export interface RankOptions {
  /**
   * Ends the stream between batches.
   * @example `for await (const event of method.rank(query, candidates, model, { signal }))`; after an abort the cache has what was finished
   */
  readonly signal?: AbortSignal;
}

export interface RankingMethod {
  readonly id: string;
  rank(
    query: Query,
    candidates: readonly Candidate[],
    model: RankerModel,
    options?: RankOptions,
  ): AsyncIterable<TimedEvent>;
}

export type { ScorerInfo };
