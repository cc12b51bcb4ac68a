/**
 * The shape of `ranker.json`, field by field, with what each must be in words. What connects fields (files and scorers,
 * labels and what was taught) is checked in card-read.ts; what the fields mean is said in ranker-card.ts.
 */
import * as v from 'valibot';
import { isCount, isDigest, isNumber, isObject, isPositive, isText } from '../json-checks.ts';
import { shown } from '../json-text.ts';
import { TITLE_STYLES } from '../passage-text.ts';
import { TEMPLATE_KINDS, type TemplateKind } from '../ranking/template.ts';
import type { RankerCard } from './ranker-card.ts';

type Check = (value: unknown) => boolean;
const must = <T>(is: Check, words: string) => v.custom<T>(is, words);
const orNone = <T>(is: Check, words: string) => v.optional(v.custom<T>(is, `${words}, or left out`));
const oneOf =
  <const T extends string>(choices: readonly T[]): Check =>
  (value) =>
    choices.includes(value as T);
const listOf =
  (is: Check, least = 0): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every(is);
const mapOf =
  (is: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(is);

/** An object (a list is one for valibot, not here); of a field that is missing its own words are told. */
const object = <const E extends v.ObjectEntries>(entries: E) =>
  v.pipe(
    v.custom<Record<string, unknown>>(isObject, OBJECT),
    v.looseObject(entries, ({ expected }) => {
      const missing = expected?.startsWith('"') ? entries[JSON.parse(expected) as string] : undefined;
      const { message } = (missing ?? {}) as { message?: unknown };
      return typeof message === 'string' ? message : OBJECT;
    }),
  );
const OBJECT = 'an object';
const list = <const S extends v.GenericSchema>(item: S) => v.array(item, 'a list');

const DIGEST = 'a SHA-256 of 64 hex digits';
const text = must<string>(isText, 'a string');
const textOrNone = orNone<string>(isText, 'a string');
const count = must<number>(isCount, 'a whole number');
const number = must<number>(isNumber, 'a number');
const numberOrNone = orNone<number>(isNumber, 'a number');
const digestOrNone = orNone<string>(isDigest, DIGEST);
const someOrNone = orNone<number>(isPositive, 'a whole number from 1');
const interval = { against: text, mean: number, low: number, high: number };

/** What all kinds of templates have, before and after what is their kind's own. */
const wordingBegin = <const K extends TemplateKind>(kinds: readonly K[]) => ({
  id: text,
  version: count,
  name: text,
  kind: must<K>(oneOf(kinds), `one of ${TEMPLATE_KINDS.join(', ')}`),
  text,
  decoderPrefix: text,
});
const wordingEnd = {
  maxPassageWords: someOrNone,
  titles: orNone<(typeof TITLE_STYLES)[number]>(oneOf(TITLE_STYLES), `one of ${TITLE_STYLES.join(', ')}`),
  source: text,
  trained: orNone<boolean>((value) => typeof value === 'boolean', 'true or false'),
};
const labels = must<string[]>(listOf(isText, 1), 'a list of words');

const labelled = object({ ...wordingBegin(['pointwise', 'pairwise']), labels, ...wordingEnd });
const TEMPLATES = {
  setwise: object({
    ...wordingBegin(['setwise']),
    item: text,
    separator: textOrNone,
    labels,
    ...wordingEnd,
  }),
  listwise: object({
    ...wordingBegin(['listwise']),
    item: text,
    separator: textOrNone,
    answer: orNone<'best'>(oneOf(['best']), '"best"'),
    ...wordingEnd,
  }),
  relevance: object({ ...wordingBegin(['relevance']), labels, ...wordingEnd }),
  likelihood: object({ ...wordingBegin(['likelihood']), target: text, ...wordingEnd }),
};

/** By its kind; one of no known kind is told which there are. */
const template = v.lazy((input) => {
  const kind = isObject(input) && isText(input.kind) ? input.kind : '';
  return Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind as keyof typeof TEMPLATES] : labelled;
});

const provenance = object({
  base: textOrNone,
  baseSha256: digestOrNone,
  teacher: textOrNone,
  teacherSha256: digestOrNone,
  steps: count,
  seed: number,
  lossCurve: orNone<[number, number][]>(
    listOf((point) => listOf(isNumber)(point) && (point as unknown[]).length === 2),
    'a list of [step, loss]',
  ),
  recipe: textOrNone,
  settings: orNone<Record<string, string | number | boolean>>(
    mapOf((value) => isText(value) || isNumber(value) || typeof value === 'boolean'),
    'an object of strings, numbers and booleans',
  ),
  trainer: textOrNone,
  command: text,
  date: text,
  data: list(object({ name: text, license: text, use: text })),
  labels: v.optional(object({ sha256: must<string>(isDigest, DIGEST), source: text })),
  taught: v.optional(
    list(object({ template: text, labels: must<string[]>(listOf(isText), 'a list of words') })),
  ),
  stages: v.optional(list(object({ name: text, steps: count }))),
  validation: v.optional(
    list(
      object({
        stage: textOrNone,
        step: count,
        values: must<Record<string, number>>(mapOf(isNumber), 'an object of numbers'),
      }),
    ),
  ),
});

const evaluation = object({
  set: text,
  method: text,
  queries: count,
  ndcg10: number,
  difference: orNone<{ against: string; mean: number; low: number; high: number }>(
    (value) =>
      isObject(value) && isText(value.against) && [value.mean, value.low, value.high].every(isNumber),
    '{against, mean, low, high}',
  ),
  callsPerQuery: count,
  secondsPerQuery: numberOrNone,
  kendallTau: orNone<number>((value) => isNumber(value) && Math.abs(value) <= 1, 'a number from −1 to 1'),
});

const METRICS = ['ndcg@10', 'kendall-tau'] as const;

const schema = object({
  name: text,
  description: text,
  license: text,
  role: must<RankerCard['role']>(oneOf(['teacher', 'student', 'base']), 'teacher, student or base'),
  templates: list(template),
  limits: object({
    maxTokens: must<number>((value) => isCount(value) && value >= 8, 'a whole number of at least 8'),
    maxPassageWords: someOrNone,
    maxPassageTokens: someOrNone,
  }),
  provenance,
  evaluation: list(evaluation),
  comparisons: v.optional(
    list(
      object({
        metric: orNone<(typeof METRICS)[number]>(oneOf(METRICS), '"ndcg@10" or "kendall-tau"'),
        set: text,
        queries: count,
        method: text,
        ...interval,
      }),
    ),
  ),
  dtypeMeasures: v.optional(
    v.pipe(
      v.custom<Record<string, unknown>>(isObject, 'map dtypes to {bytes, scoreError, agreement, prompts}'),
      v.record(v.string(), object({ bytes: count, scoreError: number, agreement: number, prompts: count })),
    ),
  ),
  fusion: v.optional(
    object({
      weight: must<number>((value) => isNumber(value) && value >= 0 && value <= 1, 'a number from 0 to 1'),
      queries: count,
      ndcg10: number,
      studentNdcg10: number,
    }),
  ),
  probe: v.optional(
    object({
      prompts: must<string[]>(listOf(isText, 1), 'a list of texts'),
      labels: must<string[]>(listOf(isText, 1), 'a list of words'),
      logits: must<Record<string, number[]>>(mapOf(listOf(isNumber, 1)), 'map dtypes to lists of numbers'),
    }),
  ),
});

/** Fails to compile where the schema and the documented type drift apart. */
schema satisfies v.GenericSchema<unknown, Omit<RankerCard, 'format' | 'version' | 'scorers' | 'files'>>;

/** What is wrong with a card, of the first field that is: `"limits.maxTokens" must be …, found 4.` */
export function cardProblem(json: unknown): string | undefined {
  const { issues } = v.safeParse(schema, json, { abortEarly: true });
  const [issue] = issues ?? [];
  if (!issue) return undefined;
  const path = issue.path?.reduce<string>((at, { key }) => {
    if (typeof key === 'number') return `${at}[${key}]`;
    return at === '' ? String(key) : `${at}.${String(key)}`;
  }, '');
  const isWhole = issue.type === 'array' || issue.message === OBJECT;
  const be = issue.message.startsWith('map ') ? '' : 'be ';
  return `"${path}" must ${be}${issue.message}${isWhole ? '' : `, found ${shown(issue.input)}`}.`;
}
