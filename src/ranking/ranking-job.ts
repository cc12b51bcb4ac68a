/** One ranking as it is asked for: what a worker runs, and what can be foreseen of it. */
import type { PromptLimits } from '../inference/scorer.ts';
import type { Candidate, Query } from '../types.ts';
import type { MethodId } from './methods/registry.ts';
import type { PromptTemplate } from './template.ts';

export interface RankingJob {
  readonly method: MethodId;
  readonly template: PromptTemplate;
  readonly query: Query;
  readonly candidates: readonly Candidate[];
  /**
   * Sliding window: passes over the list.
   * @example `{ method: 'prp-sliding', passes: 10, … }`
   */
  readonly passes?: number;
  /**
   * Relevance generation: rank by Eq. 2 with true probabilities instead of logit Yes − logit No.
   * @example `{ method: 'rg', trueProbabilities: true, … }`
   */
  readonly trueProbabilities?: boolean;
  /**
   * Overrides of the checkpoint's limits.
   * @example `{ limits: { maxPassageTokens: 64 }, … }`
   */
  readonly limits?: Partial<PromptLimits>;
}
