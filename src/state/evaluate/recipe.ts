/**
 * What is evaluated: rows (method × checkpoint), depth, first stage. Together with data it is all that a run depends on;
 * whatever sets one up (the screen, a preset of a paper's table) gives a recipe.
 */

import { type BaselineId, baselineNamed, isBaselineId } from '../../evaluation/baselines/baselines.ts';
import {
  isPlainPool,
  MOST_POPULAR,
  PLAIN_POOL,
  type PoolOptions,
} from '../../evaluation/baselines/popular-pool.ts';
import { type Fusion, fusionText, readFusion } from '../../ranking/fusion.ts';
import { acceptsTemplate } from '../../ranking/methods/descriptor.ts';
import {
  headed,
  METHODS,
  type MethodId,
  methodNamed,
  readMethodId,
  takenChoices,
  takes,
} from '../../ranking/methods/registry.ts';
import { plannedCalls } from '../../ranking/planned-calls.ts';
import { PRESETS } from '../../ranking/presets.ts';
import type { GivenChoices } from '../../ranking/schedules/choices.ts';
import { CHOICE_NAMES, DEFAULT_CHOICES } from '../../ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import { wordingHash } from '../../ranking/wording-hash.ts';
import { isFiniteNumber, isListUpTo, isObject, isShort } from '../checks.ts';
import { choicesFor } from '../models/model-slots.ts';
import type { ModelEntry } from '../models/models.ts';
import { isServiceId } from '../remote/remote.ts';
import { isTemplate } from '../saved/saved-settings.ts';

/** A method with a checkpoint, or an order that asks no model. The choices of its schedule stand beside the others. */
export interface RowSpec extends GivenChoices {
  readonly method: MethodId | BaselineId;
  /** Id in the page's catalogue; '' where no model is asked. */
  readonly checkpoint: string;
  /** Id of a shipped wording, or another one whole (the user's, or of a card); absent: the checkpoint's own. */
  readonly template?: string | PromptTemplate;
  /** With the first stage, of a model's ranking. */
  readonly fusion?: Fusion;
}

/** A row whose model has to be asked. */
export interface ModelRowSpec extends RowSpec {
  readonly method: MethodId;
}

export const asksModel = (row: RowSpec): row is ModelRowSpec => !isBaselineId(row.method);

/** The row that a fused one is made of; any other row itself. */
export const baseOf = <R extends RowSpec>({ fusion: _, ...row }: R): Omit<R, 'fusion'> => row;

/** What has to be ranked for these rows, each once: a fused row is made of another's ranking. */
export function rankedRows(rows: readonly RowSpec[]): ModelRowSpec[] {
  const byId = new Map<string, ModelRowSpec>();
  for (const row of rows) if (asksModel(row)) byId.set(rowId(baseOf(row)), baseOf(row));
  return [...byId.values()];
}

export interface Recipe {
  readonly rows: readonly RowSpec[];
  /** Candidates of a query. */
  readonly depth: number;
  /** Name of a run of the data that gives the candidates; null: BM25. */
  readonly firstStage: string | null;
  /** What is added to the candidates, and which queries are left out; absent: nothing. */
  readonly pool?: PoolOptions;
}

export const DEPTH = { min: 2, max: 1000, initial: 10 } as const;
/** More rows than anybody reads. */
const MOST_ROWS = 26;

/** Methods that a row may have. */
export const OFFERED = METHODS;

/** Between method and checkpoint in a row's name. */
export const SEPARATOR = ' · ';

/** Names a row, whatever order its fields were given in. */
export function rowId({ method, checkpoint, template, fusion, ...choices }: RowSpec): string {
  if (isBaselineId(method)) return method;
  const given = takenChoices(method, choices);
  const taken = CHOICE_NAMES.flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  const fused = fusion ? [`+${fusion.by === 'rrf' ? fusion.by : `${fusion.by}=${fusion.weight}`}`] : [];
  const asked = template === undefined ? [] : [`@${wordingKey(template)}`];
  return [method, checkpoint, ...taken, ...asked, ...fused].join(' ');
}

/** What tells a row's wording from others; '' for the checkpoint's own. Ids of cards say nothing beside another card's. */
export const wordingKey = (template: RowSpec['template']): string =>
  typeof template === 'object' ? `custom-${wordingHash(template)}` : (template ?? '');

const LABELS: Readonly<Partial<Record<string, string>>> = {
  passes: 'Passes',
  top: 'Top',
  budget: 'Calls',
  setSize: 'Shown at once',
  window: 'Window',
  step: 'Step',
  repeats: 'Passes',
};

/** What a choice of a method is called beside its box. */
export const choiceLabel = (name: (typeof CHOICE_NAMES)[number]): string => LABELS[name] ?? name;

/**
 * `PRP sliding window, passes 3 · Teacher`: choices that are not the usual ones; the checkpoint where rows differ in it.
 * Wordings of the same name are told apart by the beginning of their hash.
 */
export function rowName(row: RowSpec, catalog: readonly ModelEntry[], all: readonly RowSpec[]): string {
  if (!asksModel(row)) return headed(baselineNamed(row.method as BaselineId).title);
  const { title } = methodNamed(row.method);
  const taken = takenChoices(row.method, row);
  const choices = CHOICE_NAMES.flatMap((one) => {
    const value = taken[one];
    return value === undefined || value === DEFAULT_CHOICES[one]
      ? []
      : [`${choiceLabel(one).toLowerCase()} ${value}`];
  });
  const fused = row.fusion ? [`fused, ${fusionText(row.fusion)}`] : [];
  const wording = wordingNamed(row.template);
  const namesakes = all.flatMap(({ template }) => {
    const other = wordingNamed(template);
    return wording && other?.name === wording.name ? [wordingHash(other)] : [];
  });
  const mark = new Set(namesakes).size > 1 ? ` (${wordingHash(wording!).slice(0, 4)})` : '';
  const asked = wording ? [`“${wording.name}”${mark}`] : [];
  const words = [headed(title), ...choices, ...asked, ...fused].join(', ');
  const name = checkpointName(row.checkpoint, catalog);
  const several = new Set(rankedRows(all).map(({ checkpoint }) => checkpoint)).size > 1;
  return several ? words + SEPARATOR + name : words;
}

/** Of services with the same model the host as well. */
function checkpointName(id: string, catalog: readonly ModelEntry[]): string {
  const entry = catalog.find((one) => one.id === id);
  if (!entry) return isServiceId(id) ? 'a service' : id;
  const alone = catalog.every(({ id: other, name }) => other === id || name !== entry.name);
  return entry.remote && !alone ? `${entry.name} at ${entry.remote.host}` : entry.name;
}

/** A row's wording; undefined where it is the checkpoint's own. */
export const wordingNamed = (template: RowSpec['template']): PromptTemplate | undefined =>
  typeof template === 'string' ? PRESETS.find((one) => one.id === template) : template;

/** How a menu's choice stands in a row: shipped wordings by their id. */
export const templateInRow = (template: PromptTemplate): NonNullable<RowSpec['template']> =>
  PRESETS.some((one) => one.id === template.id) ? template.id : template;

/** What the collection worker is told of a recipe's pool; undefined where it changes nothing. */
export const poolOf = ({ pool }: Recipe): PoolOptions | undefined =>
  pool && !isPlainPool(pool) ? pool : undefined;

/** Calls of a row for a query with so many candidates, at most. */
export const rowCalls = (row: ModelRowSpec, candidates: number): number =>
  candidates === 0 ? 0 : plannedCalls(row.method, candidates, takenChoices(row.method, row)).calls;

/** What one begins with: the student asked once a passage, the teacher by the cheaper of its schedules. */
export function initialRecipe(catalog: readonly ModelEntry[]): Recipe {
  const row = (slot: 'student' | 'teacher', method: string): RowSpec[] => {
    const entry = choicesFor(slot, catalog)[0];
    const id = readMethodId(method);
    return entry && id ? [{ method: id, checkpoint: entry.id }] : [];
  };
  const pointwise = METHODS.find(({ kind, labels }) => kind === 'pointwise' && labels === 1)?.id ?? '';
  // Where the calls are chosen they say nothing about what a method costs.
  const comparing = METHODS.filter((method) => 'schedule' in method && !takes(method.id, 'budget'));
  const cheapest = comparing.toSorted((a, b) => callsOf(a.id) - callsOf(b.id))[0]?.id ?? '';
  return {
    rows: [...row('student', pointwise), ...row('teacher', cheapest)],
    depth: DEPTH.initial,
    firstStage: null,
  };
}

const callsOf = (method: MethodId): number => plannedCalls(method, DEPTH.initial).calls;

/** What was stored, with what of it is no longer understood left out; undefined where it is none. */
export function readRecipe(value: unknown): Recipe | undefined {
  if (!isObject(value) || !isFiniteNumber(value.depth)) return undefined;
  if (!isListUpTo(value.rows, MOST_ROWS, isObject)) return undefined;
  const rows = value.rows.flatMap((row): RowSpec[] => {
    if (isBaselineId(row.method)) return [{ method: row.method, checkpoint: '' }];
    const method = readMethodId(row.method);
    if (!method || !isShort(row.checkpoint, 1000)) return [];
    const choices = Object.fromEntries(
      CHOICE_NAMES.flatMap((name) => {
        const choice = row[name];
        return Number.isInteger(choice) && (choice as number) >= 1 ? [[name, choice]] : [];
      }),
    );
    const template = readTemplate(row.template, method);
    const fusion = readFusion(row.fusion);
    return [{ method, checkpoint: row.checkpoint, template, fusion, ...choices }];
  });
  const depth = Math.min(DEPTH.max, Math.max(DEPTH.min, Math.round(value.depth)));
  const firstStage = isShort(value.firstStage, 1000) ? value.firstStage : null;
  return { rows, depth, firstStage, pool: readPool(value.pool) };
}

/** One that the method cannot be asked with is none. */
function readTemplate(value: unknown, method: MethodId): RowSpec['template'] {
  const template = isTemplate(value) ? value : wordingNamed(isShort(value, 200) ? value : undefined);
  return template && acceptsTemplate(methodNamed(method), template) ? templateInRow(template) : undefined;
}

function readPool(value: unknown): PoolOptions | undefined {
  if (!isObject(value)) return undefined;
  const whole = (given: unknown, usual: number, most: number): number =>
    isFiniteNumber(given) ? Math.min(most, Math.max(0, Math.round(given))) : usual;
  return {
    popular: whole(value.popular, PLAIN_POOL.popular, MOST_POPULAR),
    above: whole(value.above, PLAIN_POOL.above, 1e9),
    seed: whole(value.seed, PLAIN_POOL.seed, 2 ** 31 - 1),
    answerable: value.answerable === true,
  };
}
