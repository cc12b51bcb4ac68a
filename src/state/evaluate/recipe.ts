/**
 * What is evaluated: rows (method × checkpoint), depth, first stage. Together with data it is all that a run depends on;
 * whatever sets one up (the screen, a preset of a paper's table) gives a recipe.
 */

import {
  METHODS,
  type MethodId,
  methodNamed,
  readMethodId,
  takenChoices,
  takes,
} from '../../ranking/methods/registry.ts';
import { plannedCalls } from '../../ranking/planned-calls.ts';
import type { GivenChoices } from '../../ranking/schedules/choices.ts';
import { CHOICE_NAMES, DEFAULT_CHOICES } from '../../ranking/schedules/choices.ts';
import { isFiniteNumber, isListUpTo, isObject, isShort } from '../checks.ts';
import { choicesFor } from '../models/model-slots.ts';
import type { ModelEntry } from '../models/models.ts';

/** A method with a checkpoint. The choices of its schedule stand beside the others. */
export interface RowSpec extends GivenChoices {
  readonly method: MethodId;
  /** Id in the page's catalogue. */
  readonly checkpoint: string;
}

export interface Recipe {
  readonly rows: readonly RowSpec[];
  /** Candidates of a query. */
  readonly depth: number;
  /** Name of a run of the data that gives the candidates; null: BM25. */
  readonly firstStage: string | null;
}

export const DEPTH = { min: 2, max: 1000, initial: 10 } as const;
/** More rows than anybody reads. */
const MOST_ROWS = 26;

/** Methods that a checkpoint of the page can run: all but those that a service answers. */
export const OFFERED = METHODS.filter(({ needs }: { readonly needs: string }) => needs !== 'remote');

/** Between method and checkpoint in a row's name. */
export const SEPARATOR = ' · ';

/** Names a row, whatever order its fields were given in. */
export function rowId({ method, checkpoint, ...choices }: RowSpec): string {
  const taken = CHOICE_NAMES.flatMap((name) => {
    const value = takenChoices(method, choices)[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return [method, checkpoint, ...taken].join(' ');
}

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

/** `PRP sliding window, passes 3 · Teacher`: choices that are not the usual ones; the checkpoint where rows differ in it. */
export function rowName(row: RowSpec, catalog: readonly ModelEntry[], all: readonly RowSpec[]): string {
  const { title } = methodNamed(row.method);
  const taken = takenChoices(row.method, row);
  const choices = CHOICE_NAMES.flatMap((one) => {
    const value = taken[one];
    return value === undefined || value === DEFAULT_CHOICES[one]
      ? []
      : [`${choiceLabel(one).toLowerCase()} ${value}`];
  });
  const words = [title.charAt(0).toUpperCase() + title.slice(1), ...choices].join(', ');
  const name = catalog.find(({ id }) => id === row.checkpoint)?.name ?? row.checkpoint;
  const several = new Set(all.map(({ checkpoint }) => checkpoint)).size > 1;
  return several ? words + SEPARATOR + name : words;
}

/** Calls of a row for a query with so many candidates, at most. */
export const rowCalls = (row: RowSpec, candidates: number): number =>
  candidates === 0 ? 0 : plannedCalls(row.method, candidates, takenChoices(row.method, row)).calls;

/** What one begins with: the student asked once a passage, the teacher by the cheaper of its schedules. */
export function initialRecipe(catalog: readonly ModelEntry[]): Recipe {
  const row = (slot: 'student' | 'teacher', method: string): RowSpec[] => {
    const entry = choicesFor(slot, catalog)[0];
    const id = readMethodId(method);
    return entry && id ? [{ method: id, checkpoint: entry.id }] : [];
  };
  const pointwise = OFFERED.find(({ kind, labels }) => kind === 'pointwise' && labels === 1)?.id ?? '';
  // Where the calls are chosen they say nothing about what a method costs.
  const comparing = OFFERED.filter((method) => 'schedule' in method && !takes(method.id, 'budget'));
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
    const method = readMethodId(row.method);
    if (!method || !isShort(row.checkpoint, 1000)) return [];
    const choices = Object.fromEntries(
      CHOICE_NAMES.flatMap((name) => {
        const choice = row[name];
        return Number.isInteger(choice) && (choice as number) >= 1 ? [[name, choice]] : [];
      }),
    );
    return [{ method, checkpoint: row.checkpoint, ...choices }];
  });
  const depth = Math.min(DEPTH.max, Math.max(DEPTH.min, Math.round(value.depth)));
  return { rows, depth, firstStage: isShort(value.firstStage, 1000) ? value.firstStage : null };
}
