/** Recipe and what is shown, as they are kept for the next visit. */
import { COLUMNS, MEASURE_IDS } from '../../evaluation/table/columns.ts';
import { readLocal, type TextStore, writeLocal } from '../../storage/local.ts';
import { isListUpTo, isObject, isShort, isText, oneOf } from '../checks.ts';
import { type Recipe, readRecipe } from './recipe.ts';
import { initialEvaluate, type ShownOptions, useEvaluate } from './store.ts';

const KEY = 'evaluate';
const VERSION = 1;

interface Saved {
  readonly recipe: Recipe | null;
  readonly shown: ShownOptions;
}

/** Restores what was kept, and keeps what changes; returns the way to stop. */
export function keepEvaluate(local: TextStore): () => void {
  const read = readLocal(local, KEY, VERSION, readSaved);
  if (read.state === 'ok') useEvaluate.setState(read.data);
  return useEvaluate.subscribe(({ recipe, shown }, before) => {
    if (recipe !== before.recipe || shown !== before.shown)
      writeLocal(local, KEY, VERSION, { recipe, shown });
  });
}

function readSaved(data: unknown): Saved | undefined {
  if (!isObject(data)) return undefined;
  return { recipe: readRecipe(data.recipe) ?? null, shown: readShown(data.shown) };
}

const readPreset = (data: unknown): ShownOptions['preset'] =>
  isObject(data) && isShort(data.id, 100) && isShort(data.set, 100) ? { id: data.id, set: data.set } : null;

function readShown(data: unknown): ShownOptions {
  const usual = initialEvaluate.shown;
  if (!isObject(data)) return usual;
  const known = COLUMNS.map(({ id }) => id);
  const given = isListUpTo(data.columns, 100, isText) ? data.columns : usual.columns;
  return {
    columns: known.filter((id) => given.includes(id)),
    compared: oneOf(data.compared, MEASURE_IDS, usual.compared),
    reference: isShort(data.reference, 2000) ? data.reference : null,
    level: data.level === 2 || data.level === 3 ? data.level : 1,
    condensed: data.condensed === true,
    common: data.common === true,
    preset: readPreset(data.preset),
  };
}
