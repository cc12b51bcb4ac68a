/**
 * The settings of a training, once: what each may be. The command's options, a recipe's section `train` and requests of
 * programs are held to this table; their defaults are in train-request.ts.
 */
import { above, among, from, whole } from '../cli/rule.ts';
import { LOSSES, RATE_SCHEDULES, SELECTIONS } from './train-request.ts';

/** What the weights depend on. Their order is that of records and recipes, whose digests depend on it. */
export const SETTING_RULES = {
  loss: among(LOSSES),
  epochs: above(0, 1e6),
  steps: whole(1),
  batch: whole(1, 1e6),
  accumulate: whole(1, 1e6),
  learningRate: above(0, 1),
  schedule: among(RATE_SCHEDULES),
  warmup: whole(0),
  weightDecay: from(0, 1),
  // At 1 the correction of its bias divides by 0.
  beta2: above(0, 0.999999),
  clip: from(0, 1e9),
  dropout: from(0, 0.9),
  temperature: above(0, 1e9),
  margin: above(0, 1e9),
  k: whole(2, 1e6),
  passageTokens: whole(1, 1e6),
  chunkTokens: whole(16),
  holdOut: whole(0),
  validationQueries: whole(1),
  validateEvery: whole(1),
  select: among(SELECTIONS),
  seed: whole(0, 2 ** 31 - 1),
  threads: whole(1, 256),
} as const;

/** How often a state is written: the weights do not depend on it. */
export const SAVE_RULES = { checkpointSeconds: from(0, 1e9), checkpointSteps: whole(1) } as const;
