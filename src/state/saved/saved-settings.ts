/** Settings and grades as they are stored, and back: every field is checked, a bad one falls back. */
import { PAGE_DTYPES, type PageDevice } from '../../inference/device-policy.ts';
import type { Dtype } from '../../inference/scorer.ts';
import { readMethodId, SCHEDULE_NAMES } from '../../ranking/methods/registry.ts';
import { type PromptTemplate, TEMPLATE_KINDS, type TemplateKind } from '../../ranking/template.ts';
import { templateProblems } from '../../ranking/templates.ts';
import { checkParams, STEMMINGS } from '../../retrieval/params.ts';
import { type Bm25Params, DEFAULT_BM25, type Stemming } from '../../retrieval/types.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { isFiniteNumber, isListUpTo, isObject, isShort, isText, oneOf } from '../checks.ts';
import type { GradeEntry, GradeTable } from '../grades.ts';
import { STUDENT_METHODS } from '../models/student-methods.ts';
import {
  CANDIDATES,
  clampChoice,
  clampWhole,
  initialSettings,
  type Settings,
  type TemplateUse,
} from '../settings.ts';

/** More than anybody keeps, and few enough for the page to show. */
const MOST_TEMPLATES = 200;
const LONGEST_TEMPLATE = 50_000;
const LONGEST_NAME = 500;
/** Setwise has a letter for each passage shown. */
const MOST_LABELS = 30;
const MOST_GRADES = 50_000;
const LONGEST_HASH = 64;

/** The data without the actions. */
export function packSettings(s: Settings): Settings {
  const { theme, k, schedule, passes, top, studentMode, models, templates, customTemplates } = s;
  const { studentMethod, trueProbabilities, bm25, fill, gain, device, dtypes } = s;
  return {
    theme,
    k,
    schedule,
    passes,
    top,
    studentMode,
    studentMethod,
    models,
    templates,
    customTemplates,
    trueProbabilities,
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

/** undefined when this is not a settings object at all. */
export function unpackSettings(data: unknown): Settings | undefined {
  if (!isObject(data)) return undefined;
  const first = initialSettings;
  const customTemplates = Array.isArray(data.customTemplates)
    ? data.customTemplates.slice(0, MOST_TEMPLATES).filter(isTemplate)
    : [];
  return {
    theme: oneOf(data.theme, ['system', 'light', 'dark'], first.theme),
    k: clampWhole(Number(data.k), CANDIDATES.min, CANDIDATES.max, first.k),
    schedule: oneOf(today(data.schedule), SCHEDULE_NAMES, first.schedule),
    passes: clampChoice('passes', Number(data.passes), first.passes),
    top: clampChoice('top', Number(data.top), first.top),
    studentMode: oneOf(today(data.studentMode), ['student', 'base'], first.studentMode),
    studentMethod: oneOf(readMethodId(data.studentMethod), STUDENT_METHODS, first.studentMethod),
    models: { teacher: chosen(data.models, 'teacher'), student: chosen(data.models, 'student') },
    templates: {
      teacher: chosen(data.templates, 'teacher'),
      student: chosen(data.templates, 'student'),
      base: chosen(data.templates, 'base'),
    },
    customTemplates,
    trueProbabilities: data.trueProbabilities === true,
    bm25: unpackBm25(data.bm25),
    fill: data.fill !== false,
    gain: oneOf(data.gain, ['linear', 'exponential'], first.gain),
    device: oneOf(data.device, ['auto', 'wasm', 'webgpu'], 'auto'),
    dtypes: { wasm: wishedDtype(data.dtypes, 'wasm'), webgpu: wishedDtype(data.dtypes, 'webgpu') },
  };
}

function chosen(data: unknown, use: TemplateUse | ScorerSlot): string | null {
  const id = isObject(data) ? data[use] : null;
  return isShort(id, LONGEST_NAME) ? id : null;
}

function wishedDtype(data: unknown, device: PageDevice): Dtype | undefined {
  const wished = isObject(data) ? data[device] : undefined;
  return PAGE_DTYPES.find((dtype) => dtype === wished);
}

/** Kinds of templates without labels. */
const TEXT_ANSWERS: readonly TemplateKind[] = ['listwise', 'likelihood'];

function isTemplate(value: unknown): value is PromptTemplate {
  if (!isObject(value) || !isShort(value.id, LONGEST_NAME) || !isShort(value.name, LONGEST_NAME))
    return false;
  if (!isShort(value.text, LONGEST_TEMPLATE)) return false;
  if (!TEMPLATE_KINDS.includes(value.kind as TemplateKind)) return false;
  if (!isShort(value.decoderPrefix, LONGEST_TEMPLATE) || !isShort(value.source, LONGEST_NAME)) return false;
  const hasLabels = !TEXT_ANSWERS.includes(value.kind as TemplateKind);
  if (hasLabels ? !isListUpTo(value.labels, MOST_LABELS, isText) : value.labels !== undefined) return false;
  const own = [value.item, value.separator, value.target].filter((field) => field !== undefined);
  if (!own.every((field) => isShort(field, LONGEST_TEMPLATE))) return false;
  return templateProblems(value as unknown as PromptTemplate).length === 0;
}

/**
 * @param before what a record that does not name stemming has: versions before stemming offered no choice,
 *   so as a setting theirs becomes today's default, and what they ranked was ranked without
 */
export function unpackBm25(data: unknown, before: Stemming = DEFAULT_BM25.stemming): Bm25Params {
  if (!isObject(data)) return { ...DEFAULT_BM25, stemming: before };
  const { k1, b, delta, stopWords, fold } = data;
  if (!isFiniteNumber(k1) || !isFiniteNumber(b) || !isFiniteNumber(delta)) return DEFAULT_BM25;
  const stemming = oneOf(data.stemming, STEMMINGS, before);
  const params = { k1, b, delta, stopWords: stopWords !== false, fold: fold !== false, stemming };
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

export function unpackGrades(data: unknown): GradeTable | undefined {
  if (!Array.isArray(data) || data.length > MOST_GRADES) return undefined;
  const table = new Map<string, Map<string, GradeEntry>>();
  for (const item of data) {
    if (!Array.isArray(item)) return undefined;
    const [query, passage, grade] = item as unknown[];
    const isGrade = grade === null || (Number.isInteger(grade) && Number(grade) >= 0 && Number(grade) <= 3);
    if (!isShort(query, LONGEST_HASH) || !isShort(passage, LONGEST_HASH) || !isGrade) return undefined;
    const row = table.get(query) ?? new Map<string, GradeEntry>();
    table.set(query, row.set(passage, { grade: grade as number | null, from: 'user' }));
  }
  return table;
}
