/** Who waits for a model that is slow with texts (OpenOptions.onSlowTexts), and is to know why. */
import { readsOnce } from '../../inference/ranker-model.ts';
import { type MethodId, methodNamed } from '../../ranking/methods/registry.ts';
import { type Recipe, rankedRows } from '../evaluate/recipe.ts';
import type { ModelsState } from '../models/models.ts';

const asksForTexts = (method: MethodId): boolean => !readsOnce(methodNamed(method).needs);

/** For a column: its model, and the method that it has ranked by or will. */
export const slowTextsOf = (
  model: string | undefined,
  method: MethodId,
  { slowTexts }: Pick<ModelsState, 'slowTexts'>,
): string | undefined => (model !== undefined && asksForTexts(method) ? slowTexts[model] : undefined);

/** For an evaluation: a sentence or two a model, however many rows ask it. */
export function slowTextsIn(
  recipe: Recipe | null,
  { slowTexts }: Pick<ModelsState, 'slowTexts'>,
): readonly string[] {
  const rows = rankedRows(recipe?.rows ?? []).filter(({ method }) => asksForTexts(method));
  return [...new Set(rows.flatMap(({ checkpoint }) => slowTexts[checkpoint] ?? []))];
}
