/** One ranking as it is asked for: what a worker runs, and what can be foreseen of it. */
import type { PromptLimits } from '../inference/scorer.ts';
import type { Candidate, Query } from '../types.ts';
import type { Fusion } from './fusion.ts';
import type { MethodId } from './methods/registry.ts';
import type { GivenChoices } from './schedules/choices.ts';
import type { PromptTemplate } from './template.ts';

/**
 * The choices of a schedule stand beside the others (schedules/choices.ts).
 * @example `{ method: 'prp-sliding', passes: 10, … }`
 */
export interface RankingJob extends GivenChoices {
  readonly method: MethodId;
  readonly template: PromptTemplate;
  readonly query: Query;
  readonly candidates: readonly Candidate[];
  /**
   * Relevance generation: rank by Eq. 2 with true probabilities instead of logit Yes − logit No.
   * @example `{ method: 'rg', trueProbabilities: true, … }`
   */
  readonly trueProbabilities?: boolean;
  /**
   * Fused with the first stage's scores of the candidates.
   * @example `{ fusion: { by: 'interpolation', weight: 0.7 }, … }`
   */
  readonly fusion?: Fusion;
  /**
   * Overrides of the checkpoint's limits.
   * @example `{ limits: { maxPassageTokens: 64 }, … }`
   */
  readonly limits?: Partial<PromptLimits>;
}
