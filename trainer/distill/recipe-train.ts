/** The section `train` of a recipe: the settings of the command `train`. */
import type { Fields } from './fields.ts';

export interface TrainRecipe {
  readonly loss: string;
}

export function readTrain(fields: Fields): TrainRecipe {
  return { loss: fields.text('loss') ?? 'ranknet' };
}
