/** Settings and grades as they are stored, and back: every field is checked, a bad one falls back. */

import * as v from 'valibot';
import { PAGE_DTYPES } from '../../inference/device-policy.ts';
import { readFusion } from '../../ranking/fusion.ts';
import { COMPARISON_NAMES, readMethodId } from '../../ranking/methods/registry.ts';
import { type PromptTemplate, TEMPLATE_KINDS, type TemplateKind } from '../../ranking/template.ts';
import { templateProblems } from '../../ranking/templates.ts';
import { checkParams, STEMMINGS } from '../../retrieval/params.ts';
import { type Bm25Params, DEFAULT_BM25, type Stemming } from '../../retrieval/types.ts';
import { isObject, oneOf } from '../checks.ts';
import type { GradeEntry, GradeTable } from '../grades.ts';
import { STUDENT_METHODS } from '../models/student-methods.ts';
import { CANDIDATES, clampChoice, clampWhole, initialSettings, type Settings } from '../settings.ts';
import { finite, flag, listUpTo, orNone, orNull, readAs, readBy, short } from './shapes.ts';

/** More than anybody keeps, and few enough for the page to show. */
const MOST_TEMPLATES = 200;
const LONGEST_TEMPLATE = 50_000;
const LONGEST_NAME = 500;
/** Setwise has a letter for each passage shown. */
const MOST_LABELS = 30;
const MOST_GRADES = 50_000;
const LONGEST_HASH = 64;
/** Kinds of templates without labels. */
const TEXT_ANSWERS: readonly TemplateKind[] = ['listwise', 'likelihood'];

/** The data without the actions. */
export function packSettings(s: Settings): Settings {
  const { theme, k, schedule, passes, top, budget, setSize, window, step, repeats } = s;
  const { studentMode, studentMethod, models, templates, customTemplates } = s;
  const { trueProbabilities, fusion, bm25, fill, gain, device, dtypes } = s;
  return {
    theme,
    k,
    schedule,
    passes,
    top,
    budget,
    setSize,
    window,
    step,
    repeats,
    studentMode,
    studentMethod,
    models,
    templates,
    customTemplates,
    trueProbabilities,
    fusion,
    bm25,
    fill,
    gain,
    device,
    dtypes,
  };
}

/** What earlier versions called a choice. */
const RENAMED: ReadonlyMap<unknown, string> = new Map([
  ['sliding-window', 'sliding'],
  ['rg', 'base'],
]);
const today = (choice: unknown): unknown => RENAMED.get(choice) ?? choice;

const name = short(LONGEST_NAME);
const wording = short(LONGEST_TEMPLATE);
/** A name, or none. */
const chosen = orNull(name);
const nowhere = { teacher: null, student: null };
/** One of a list, by the name that it has today. */
const choice = <const T extends string>(
  list: readonly T[],
  first: T,
  read: (value: unknown) => unknown = today,
) => v.fallback(v.pipe(v.unknown(), v.transform(read), v.picklist(list)), first);
/** Objects have no number: some even throw when asked for it. */
const numberOf = (value: unknown): number => (typeof value === 'object' ? Number.NaN : Number(value));
/** A number that is brought within its bounds; what is none becomes the default. */
const number = (within: (value: number) => number) =>
  v.fallback(v.pipe(v.unknown(), v.transform(numberOf), v.transform(within)), within(Number.NaN));
/** As far as its types go; `templateProblems` says what it lacks of sense. */
const templateTypes = v.pipe(
  v.object({
    id: name,
    name,
    text: wording,
    kind: v.picklist(TEMPLATE_KINDS),
    decoderPrefix: wording,
    source: name,
    labels: v.optional(listUpTo(MOST_LABELS, v.string())),
    item: v.optional(wording),
    separator: v.optional(wording),
    target: v.optional(wording),
  }),
  v.check(({ kind, labels }) => (labels === undefined) === TEXT_ANSWERS.includes(kind)),
);
/** Whether what was stored is a template that can be used. */
export const isTemplate = (value: unknown): value is PromptTemplate =>
  isObject(value) &&
  v.is(templateTypes, value) &&
  templateProblems(value as unknown as PromptTemplate).length === 0;

const first = initialSettings;
const wishedDtype = orNone(v.picklist(PAGE_DTYPES));
const settings = v.object({
  theme: choice(['system', 'light', 'dark'], first.theme),
  k: number((k) => clampWhole(k, CANDIDATES.min, CANDIDATES.max, first.k)),
  schedule: choice(COMPARISON_NAMES, first.schedule),
  passes: number((passes) => clampChoice('passes', passes, first.passes)),
  top: number((top) => clampChoice('top', top, first.top)),
  budget: number((calls) => clampChoice('budget', calls, first.budget)),
  setSize: number((size) => clampChoice('setSize', size, first.setSize)),
  window: number((window) => clampChoice('window', window, first.window)),
  step: number((step) => clampChoice('step', step, first.step)),
  repeats: number((repeats) => clampChoice('repeats', repeats, first.repeats)),
  studentMode: choice(['student', 'base'], first.studentMode),
  studentMethod: choice(STUDENT_METHODS, first.studentMethod, readMethodId),
  models: v.fallback(v.object({ teacher: chosen, student: chosen }), nowhere),
  templates: v.fallback(v.object({ teacher: chosen, student: chosen, base: chosen }), {
    ...nowhere,
    base: null,
  }),
  customTemplates: v.fallback(
    v.pipe(
      v.custom<unknown[]>(Array.isArray),
      v.transform((list) => list.slice(0, MOST_TEMPLATES).filter(isTemplate)),
    ),
    [],
  ),
  trueProbabilities: flag(false),
  fusion: readBy((data) => readFusion(data) ?? null),
  bm25: readBy((data) => unpackBm25(data)),
  fill: flag(true),
  gain: choice(['linear', 'exponential'], first.gain),
  device: choice(['auto', 'wasm', 'webgpu'], 'auto'),
  dtypes: v.fallback(v.object({ wasm: wishedDtype, webgpu: wishedDtype }), {}),
});

/** undefined when this is not a settings object at all. */
export function unpackSettings(data: unknown): Settings | undefined {
  return isObject(data) ? v.parse(settings, data) : undefined;
}

const bm25 = v.object({
  k1: finite,
  b: finite,
  delta: finite,
  stopWords: flag(true),
  fold: flag(true),
  stemming: v.optional(v.unknown()),
});

/**
 * @param before what a record that does not name stemming has: versions before stemming offered no choice,
 *   so as a setting theirs becomes today's default, and what they ranked was ranked without
 */
export function unpackBm25(data: unknown, before: Stemming = DEFAULT_BM25.stemming): Bm25Params {
  if (!isObject(data)) return { ...DEFAULT_BM25, stemming: before };
  const output = readAs(bm25, data);
  if (!output) return DEFAULT_BM25;
  const params = { ...output, stemming: oneOf(output.stemming, STEMMINGS, before) };
  try {
    checkParams(params);
    return params;
  } catch {
    return DEFAULT_BM25;
  }
}

/** [query hash, passage hash, grade]: the user's own grades; a sample's come with the sample. */
type SavedGrade = [query: string, passage: string, grade: number | null];

export function packGrades(table: GradeTable): SavedGrade[] {
  const saved: SavedGrade[] = [];
  for (const [query, row] of table) {
    for (const [passage, { grade, from }] of row) if (from === 'user') saved.push([query, passage, grade]);
  }
  return saved;
}

const hash = short(LONGEST_HASH);
const grade = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3)));
const grades = listUpTo(MOST_GRADES, v.tuple([hash, hash, grade]));

export function unpackGrades(data: unknown): GradeTable | undefined {
  const output = readAs(grades, data);
  if (!output) return undefined;
  const table = new Map<string, Map<string, GradeEntry>>();
  for (const [query, passage, given] of output) {
    const row = table.get(query) ?? new Map<string, GradeEntry>();
    table.set(query, row.set(passage, { grade: given, from: 'user' }));
  }
  return table;
}
