/** The section `train` of a recipe: the settings of the command `train`, which has their defaults. */

import type { Fields } from '../recipe/fields.ts';
import {
  LOSSES,
  RATE_SCHEDULES,
  SELECTIONS,
  type TrainOptions,
  type TrainRequest,
} from '../train/train-request.ts';

/** Settings that the weights do not depend on. */
export const HARMLESS = ['checkpointSeconds', 'checkpointSteps'] as const;

/** Seed, threads, checkpoint and template are the whole recipe's. */
export type TrainRecipe = Omit<TrainOptions, 'seed'> &
  Pick<
    TrainRequest,
    | 'passageTokens'
    | 'chunkTokens'
    | 'holdOut'
    | 'validationQueries'
    | 'validateEvery'
    | 'select'
    | (typeof HARMLESS)[number]
  >;

export function readTrain(fields: Fields): TrainRecipe {
  const settings: TrainRecipe = {
    loss: fields.choice('loss', LOSSES),
    epochs: fields.number('epochs', { above: 0, most: 1000 }),
    steps: fields.whole('steps', { least: 1 }),
    batch: fields.whole('batch', { least: 1, most: 4096 }),
    accumulate: fields.whole('accumulate', { least: 1, most: 4096 }),
    learningRate: fields.number('learningRate', { above: 0, most: 1 }),
    schedule: fields.choice('schedule', RATE_SCHEDULES),
    warmup: fields.whole('warmup', { least: 0 }),
    weightDecay: fields.number('weightDecay', { least: 0, most: 1 }),
    beta2: fields.number('beta2', { above: 0, most: 0.999999 }),
    clip: fields.number('clip', { least: 0 }),
    dropout: fields.number('dropout', { least: 0, most: 0.9 }),
    temperature: fields.number('temperature', { above: 0 }),
    margin: fields.number('margin', { above: 0 }),
    k: fields.whole('k', { least: 2, most: 1000 }),
    passageTokens: fields.whole('passageTokens', { least: 4 }),
    chunkTokens: fields.whole('chunkTokens', { least: 16 }),
    holdOut: fields.whole('holdOut', { least: 0 }),
    validationQueries: fields.whole('validationQueries', { least: 1 }),
    validateEvery: fields.whole('validateEvery', { least: 1 }),
    select: fields.choice('select', SELECTIONS),
    checkpointSeconds: fields.number('checkpointSeconds', { least: 0 }),
    checkpointSteps: fields.whole('checkpointSteps', { least: 1 }),
  };
  // What is not given is the command's default, not undefined.
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
