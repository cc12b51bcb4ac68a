/**
 * The gradient of a ranking loss over lists of any length, in runs of the model of bounded size.
 * Interface only so far: see the comments for what stands behind it.
 */
import type { LossName } from './request.ts';

/** A query's passages as prompts, and what the teacher says of them. */
export interface TrainingList {
  /** Token ids of each passage's prompt, end token included. */
  readonly prompts: readonly Int32Array[];
  /** Teacher's rank of each passage, 1 = best; equal ranks make no pair. */
  readonly ranks: ArrayLike<number>;
  /** Teacher's scores (any scale, higher is better): what ListNet and the margin loss aim at. */
  readonly teacherScores: ArrayLike<number>;
}

export interface GradientOptions {
  readonly loss: LossName;
  readonly decoderIds: readonly number[];
  readonly labelIds: readonly number[];
  /** The score of a prompt: Σ labelWeights[k] · logit k. */
  readonly labelWeights: readonly number[];
  /** Tokens (rows × padded length) of one run of the model. */
  readonly chunkTokens: number;
}

export interface GradientResult {
  /** Mean of the lists' losses. */
  readonly loss: number;
  /** Student's scores, list by list. */
  readonly scores: readonly Float32Array[];
}
