/** The section `train` of a recipe: the settings of the command `train`, which has their defaults. */
import type { Fields } from '../recipe/fields.ts';
import { SAVE_RULES, SETTING_RULES } from '../train/setting-rules.ts';
import type { TrainOptions, TrainRequest } from '../train/train-request.ts';

/** Settings that the weights do not depend on. */
export const HARMLESS = Object.keys(SAVE_RULES) as (keyof typeof SAVE_RULES)[];

/** The whole recipe's, which says them at its top. */
const { seed, threads, ...RULES } = { ...SETTING_RULES, ...SAVE_RULES };

/** Seed, threads, checkpoint and template are the whole recipe's. */
export type TrainRecipe = Omit<TrainOptions, 'seed'> & Pick<TrainRequest, keyof typeof RULES>;

export function readTrain(fields: Fields): TrainRecipe {
  // What is not given is the command's default, not undefined.
  const given = Object.entries(RULES)
    .map(([name, rule]) => [name, fields.ruled(name, rule)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
