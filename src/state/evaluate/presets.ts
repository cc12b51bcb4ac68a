/** Presets of the Evaluate screen: tables of the paper as recipes, and the paper's numbers beside one's own. */
import { create } from 'zustand';
import { isBaselineId } from '../../evaluation/baselines/baselines.ts';
import { PLAIN_POOL } from '../../evaluation/baselines/popular-pool.ts';
import { evaluationTable, type RowResults } from '../../evaluation/table/table.ts';
import {
  type EvaluationPreset,
  isModel,
  type PresetFile,
  type PresetRow,
  printedValue,
  readPresets,
  SECONDS,
  setLike,
} from '../../formats/evaluation/presets.ts';
import { methodNamed, readMethodId } from '../../ranking/methods/registry.ts';
import type { FetchJson } from '../models/catalog.ts';
import type { ModelEntry } from '../models/models.ts';
import { OFFERED, type Recipe, type RowSpec, rowId, wordingKey } from './recipe.ts';
import { FIRST_STAGE } from './rows.ts';

const PATH = 'presets/instruction-distillation.json';

export const usePresets = create<{ readonly file: PresetFile | null }>()(() => ({ file: null }));

/** Reads the presets once. Without them the screen works all the same. */
export async function loadPresets(get: FetchJson): Promise<void> {
  if (!usePresets.getState().file) usePresets.setState({ file: readPresets(await get(PATH), PATH) });
}

export const presetNamed = (id: string | undefined): EvaluationPreset | undefined =>
  usePresets.getState().file?.presets.find((one) => one.id === id);

/** Column of our table that a printed one stands beside. */
export const columnOf = (column: string): string => (column === SECONDS ? 'median' : column);

/**
 * A recipe of the rows that can be run: with the paper's own models where they are among the checkpoints, else once a method
 * with the embedded checkpoint that stands in for it.
 */
export function recipeOf(preset: EvaluationPreset, catalog: readonly ModelEntry[]): Recipe {
  const rows = new Map<string, RowSpec>();
  const add = (row: RowSpec): void => void rows.set(rowId(row), row);
  const methods = new Set<string>();
  for (const row of preset.rows) {
    if (isBaselineId(row.method)) add({ method: row.method, checkpoint: '' });
    const entry = row.model === null ? undefined : catalog.find((one) => isRowsModel(one, row));
    const spec = entry && specOf(row, entry);
    if (!spec) continue;
    add(spec);
    methods.add(keyOf(row));
  }
  for (const row of preset.rows) {
    const entry = catalog.find(({ role, stored, remote }) => role === row.standIn && !stored && !remote);
    const spec = entry && !methods.has(keyOf(row)) ? specOf(row, entry) : undefined;
    if (spec) add(spec);
  }
  const { popular, answerable, depth } = preset;
  const pool = { ...PLAIN_POOL, popular, answerable };
  return { rows: [...rows.values()], depth, firstStage: null, pool };
}

const keyOf = ({ method, template }: Pick<PresetRow | RowSpec, 'method' | 'template'>): string =>
  `${method} ${wordingKey(template)}`;

/** A distilled checkpoint has the name of its base too: a student is no base, and a base no student. */
const isRowsModel = ({ id, name, role }: ModelEntry, { model, standIn }: PresetRow): boolean =>
  model !== null &&
  (standIn === 'student') === (role === 'student') &&
  (isModel(id, model) || isModel(name, model));

function specOf({ method, template }: PresetRow, { id }: ModelEntry): RowSpec | undefined {
  const known = readMethodId(method);
  if (!known || !OFFERED.some((one) => one.id === known)) return undefined;
  return { method: known, checkpoint: id, template };
}

export interface BesideCell {
  /** null: not measured here. */
  readonly own: number | null;
  /** null: not printed there. */
  readonly paper: number | null;
}

export interface BesideRow {
  readonly name: string;
  /** Model or checkpoint; '' for a method without one. */
  readonly model: string;
  /** Printed in the paper; else a row of one's own with another checkpoint. */
  readonly printed: boolean;
  readonly cells: readonly BesideCell[];
}

/**
 * The paper's rows in its order, each with one's own value where the same method was run with the paper's model; after the
 * last row of a method one's own rows of it with other checkpoints.
 */
export function besidePaper(
  preset: EvaluationPreset,
  set: string,
  {
    rows,
    recipe,
    catalog,
  }: {
    readonly rows: readonly RowResults[];
    readonly recipe: Recipe;
    readonly catalog: readonly ModelEntry[];
  },
): BesideRow[] {
  const table = evaluationTable({
    rows,
    columns: preset.columns.map(columnOf),
    judged: true,
    reference: null,
    compared: preset.compared,
    comparisons: new Map(),
  });
  const ownCells = new Map(table.rows.map((row) => [row.id, row.cells.map(({ value }) => value)]));
  const specs = recipe.rows.filter(({ fusion }) => !fusion);
  const used = new Set<string>();
  const result: BesideRow[] = [];
  preset.rows.forEach((row, i) => {
    const own = ownRowOf(row, specs, catalog);
    if (own !== undefined) used.add(own);
    result.push({
      name: row.name,
      model: row.model ?? '',
      printed: true,
      cells: preset.columns.map((column, c) => ({
        own: (own === undefined ? undefined : ownCells.get(own)?.[c]) ?? null,
        paper: printedValue(row, set, column) ?? null,
      })),
    });
    const last = !preset.rows.slice(i + 1).some((later) => keyOf(later) === keyOf(row));
    if (!last || row.method === null) return;
    for (const spec of specs) {
      const id = rowId(spec);
      if (used.has(id) || keyOf(spec) !== keyOf(row) || !ownCells.has(id)) continue;
      if (preset.rows.some((one) => ownRowOf(one, [spec], catalog) === id)) continue;
      used.add(id);
      const entry = catalog.find((one) => one.id === spec.checkpoint);
      result.push({
        name: row.name,
        model: entry?.name ?? spec.checkpoint,
        printed: false,
        cells: ownCells.get(id)!.map((value) => ({ own: value, paper: null })),
      });
    }
  });
  return result;
}

/** Id of one's own row that is the same method with the same model. */
function ownRowOf(
  row: PresetRow,
  specs: readonly RowSpec[],
  catalog: readonly ModelEntry[],
): string | undefined {
  if (row.method === 'bm25') return FIRST_STAGE;
  if (row.method === null) return undefined;
  const spec = specs.find((one) => {
    if (keyOf(one) !== keyOf(row)) return false;
    if (row.model === null) return true;
    const entry = catalog.find(({ id }) => id === one.checkpoint);
    return entry !== undefined && isRowsModel(entry, row);
  });
  return spec && rowId(spec);
}

/** Methods of the paper that have no row: what a person has to bring to fill them. */
export function missingOf(preset: EvaluationPreset, recipe: Recipe): string[] {
  const names = preset.rows
    .filter((row) => row.method !== 'bm25')
    .filter((row) => !recipe.rows.some((one) => keyOf(one) === keyOf(row)))
    .map((row) => (row.method === null ? `${row.name} (${row.model})` : titleOf(row)));
  return [...new Set(names)];
}

const titleOf = ({ method, name }: PresetRow): string => {
  const known = readMethodId(method);
  return known ? `${name} (${methodNamed(known).title})` : name;
};

export { setLike };
