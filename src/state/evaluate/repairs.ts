/** Rows whose model does not write the lists that it is asked for: their order says little, however good it looks. */
import { counted } from '../../formats/excerpt.ts';
import type { ModelEntry } from '../models/models.ts';
import { type Recipe, rankedRows, rowId, rowName } from './recipe.ts';
import type { Results } from './results.ts';

/** A sentence a row that had answers to be repaired. */
export function repairNotes(
  recipe: Recipe | null,
  results: Results,
  catalog: readonly ModelEntry[],
): string[] {
  if (!recipe) return [];
  return rankedRows(recipe.rows).flatMap((row) => {
    let [repaired, answers] = [0, 0];
    for (const one of results.rows.get(rowId(row))?.ranked ?? []) {
      repaired += one?.repaired ?? 0;
      answers += one?.calls ?? 0;
    }
    if (repaired === 0) return [];
    const name = rowName(row, catalog, recipe.rows);
    return [
      `${name}: ${repaired} of ${counted(answers, 'answer')} ${repaired === 1 ? 'was not a complete list and was' : 'were not complete lists and were'} repaired; passages not named keep their places.`,
    ];
  });
}
