/** Presets of the Evaluate screen: tables of the paper as recipes, and the paper's numbers beside one's own. */
import { create } from 'zustand';
import { PLAIN_POOL } from '../../evaluation/baselines/popular-pool.ts';
import { evaluationTable, type RowResults } from '../../evaluation/table/table.ts';
import {
  type BesideRow,
  besideRows,
  type KnownModel,
  missingMethods,
  type OwnRow,
  type PresetSpec,
  presetRows,
} from '../../formats/evaluation/beside-paper.ts';
import {
  type EvaluationPreset,
  type PresetFile,
  printedValue,
  readPresets,
  SECONDS,
  setLike,
} from '../../formats/evaluation/presets.ts';
import { isMethodId, takes } from '../../ranking/methods/registry.ts';
import type { FetchJson } from '../models/catalog.ts';
import type { ModelEntry } from '../models/models.ts';
import { type Recipe, type RowSpec, rowId, wordingKey } from './recipe.ts';
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

/** The page's checkpoints by what tells them: the first embedded one of a role stands in for the paper's. */
function knownModels(catalog: readonly ModelEntry[]): KnownModel[] {
  return catalog.map((entry): KnownModel => {
    const { id, name, role, remote } = entry;
    const first = catalog.find((one) => one.role === role && !one.stored && !one.remote);
    return { id, names: [name, id], role, standsIn: entry === first, isService: remote !== undefined };
  });
}

/** The window and step of RankGPT; all nine movies of a conversation are seen at once. */
const RANKGPT = { window: 20, step: 10 } as const;

/**
 * A recipe of the rows that can be run: with the paper's own models where they are among the checkpoints, else once a method
 * with the embedded checkpoint that stands in for it.
 */
export function recipeOf(preset: EvaluationPreset, catalog: readonly ModelEntry[]): Recipe {
  const { popular, answerable, depth } = preset;
  const rows = presetRows(preset, knownModels(catalog), 'missing').map(
    (spec): RowSpec =>
      isMethodId(spec.method) && takes(spec.method, 'window') ? { ...spec, ...RANKGPT } : spec,
  );
  return { rows, depth, firstStage: null, pool: { ...PLAIN_POOL, popular, answerable } };
}

/** The paper's rows beside one's own: `besideRows` with what the page's table has. */
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
  const valuesOf = (id: string): (number | null)[] | undefined =>
    table.rows.find((row) => row.id === id)?.cells.map(({ value }) => value);
  const first = valuesOf(FIRST_STAGE);
  const own: OwnRow[] = first ? [{ method: 'bm25', checkpoint: '', values: first, id: FIRST_STAGE }] : [];
  for (const spec of recipe.rows) {
    const values = spec.fusion ? undefined : valuesOf(rowId(spec));
    if (values) own.push({ ...presetSpec(spec), values, id: rowId(spec) });
  }
  return besideRows(preset, set, own, knownModels(catalog));
}

export interface PaperPoint {
  readonly name: string;
  readonly cost: number;
  readonly value: number;
}

/** What the paper prints of a set as points of a picture: a measure against the seconds a query. */
export function paperPoints(preset: EvaluationPreset, set: string, measure: string): PaperPoint[] {
  return preset.rows.flatMap((row) => {
    const value = printedValue(row, set, measure);
    const cost = printedValue(row, set, SECONDS);
    const name = [row.name, row.model].filter(Boolean).join(' · ');
    return value === undefined || !cost ? [] : [{ name, cost, value }];
  });
}

/** Methods of the paper that have no row: what a person has to bring to fill them. */
export const missingOf = (preset: EvaluationPreset, { rows }: Recipe): string[] =>
  missingMethods(preset, rows.map(presetSpec));

/** A prompt of the user's own is none of the paper's. */
export const presetSpec = ({ method, checkpoint, template }: RowSpec): PresetSpec => ({
  method,
  checkpoint,
  template: template === undefined ? undefined : wordingKey(template),
});

export { setLike };
