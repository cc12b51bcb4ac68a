/** Checks of a card's parts; each says which field is wrong and what it must be. */

type Json = Readonly<Record<string, unknown>>;
export type Fail = (what: string) => never;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isPositive = (value: unknown) => isCount(value) && value > 0;
const optional = (is: (value: unknown) => boolean) => (value: unknown) => value === undefined || is(value);

type Fields = Readonly<Record<string, readonly [is: (value: unknown) => boolean, must: string]>>;

const TEXT = [isText, 'a text'] as const;
const COUNT = [isCount, 'a whole number'] as const;
const NUMBER = [isNumber, 'a number'] as const;

function checkObject(value: unknown, where: string, fields: Fields, fail: Fail): void {
  if (!isObject(value)) fail(`"${where}" must be an object.`);
  const object = value as Json;
  for (const [field, [is, must]] of Object.entries(fields)) {
    if (is(object[field])) continue;
    fail(`"${where}.${field}" must be ${must}, found ${JSON.stringify(object[field]) ?? 'nothing'}.`);
  }
}

function checkList(list: unknown, where: string, fields: Fields, fail: Fail): void {
  if (!Array.isArray(list)) fail(`"${where}" must be a list.`);
  for (const [i, item] of (list as readonly unknown[]).entries()) {
    checkObject(item, `${where}[${i}]`, fields, fail);
  }
}

export function checkTemplates(templates: unknown, fail: Fail): void {
  if (!Array.isArray(templates) || templates.length === 0) {
    fail('"templates" must list at least one template.');
  }
  const isLabels = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isText);
  const isKind = (value: unknown) => value === 'pointwise' || value === 'pairwise';
  const fields: Fields = {
    id: TEXT,
    version: COUNT,
    name: TEXT,
    kind: [isKind, '"pointwise" or "pairwise"'],
    text: TEXT,
    decoderPrefix: TEXT,
    labels: [isLabels, 'a list of words'],
    maxPassageWords: [optional(isPositive), 'a whole number from 1, or left out'],
    source: TEXT,
  };
  checkList(templates, 'templates', fields, fail);
}

export function checkLimits(limits: unknown, fail: Fail): void {
  const isWide = (value: unknown) => isCount(value) && value >= 8;
  const some = [optional(isPositive), 'a whole number from 1, or left out'] as const;
  const fields: Fields = {
    maxTokens: [isWide, 'a whole number of at least 8'],
    maxPassageWords: some,
    maxPassageTokens: some,
  };
  checkObject(limits, 'limits', fields, fail);
}

export function checkProvenance(provenance: unknown, fail: Fail): void {
  const isPoint = (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(isNumber);
  const isCurve = (value: unknown) => Array.isArray(value) && value.every(isPoint);
  const fields: Fields = {
    base: [optional(isText), 'a text, or left out'],
    teacher: [optional(isText), 'a text, or left out'],
    steps: COUNT,
    seed: NUMBER,
    lossCurve: [optional(isCurve), 'a list of [step, loss], or left out'],
    command: TEXT,
    date: TEXT,
  };
  checkObject(provenance, 'provenance', fields, fail);
  checkList((provenance as Json).data, 'provenance.data', { name: TEXT, license: TEXT, use: TEXT }, fail);
}

export function checkComparisons(rows: unknown, fail: Fail): void {
  if (rows === undefined) return;
  const fields: Fields = {
    set: TEXT,
    queries: COUNT,
    method: TEXT,
    against: TEXT,
    mean: NUMBER,
    low: NUMBER,
    high: NUMBER,
  };
  checkList(rows, 'comparisons', fields, fail);
}

export function checkEvaluation(rows: unknown, fail: Fail): void {
  const isDifference = (value: unknown) =>
    isObject(value) && isText(value.against) && [value.mean, value.low, value.high].every(isNumber);
  const fields: Fields = {
    set: TEXT,
    method: TEXT,
    queries: COUNT,
    ndcg10: NUMBER,
    difference: [optional(isDifference), '{against, mean, low, high}, or left out'],
    callsPerQuery: NUMBER,
    secondsPerQuery: [optional(isNumber), 'a number, or left out'],
  };
  checkList(rows, 'evaluation', fields, fail);
}
