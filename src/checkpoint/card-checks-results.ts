/** Checks of what a card says was measured: rankings on held-out queries, and the scorer files. */
import {
  COUNT,
  checkList,
  checkObject,
  type Fail,
  type Fields,
  isNumber,
  isObject,
  isText,
  NUMBER,
  optional,
  TEXT,
} from '../json-checks.ts';

const INTERVAL: Fields = { against: TEXT, mean: NUMBER, low: NUMBER, high: NUMBER };

export function checkEvaluation(rows: unknown, fail: Fail): void {
  const isDifference = (value: unknown) =>
    isObject(value) && isText(value.against) && [value.mean, value.low, value.high].every(isNumber);
  const isTau = (value: unknown) => isNumber(value) && Math.abs(value) <= 1;
  const fields: Fields = {
    set: TEXT,
    method: TEXT,
    queries: COUNT,
    ndcg10: NUMBER,
    difference: [optional(isDifference), '{against, mean, low, high}, or left out'],
    callsPerQuery: NUMBER,
    secondsPerQuery: [optional(isNumber), 'a number, or left out'],
    kendallTau: [optional(isTau), 'a number from −1 to 1, or left out'],
  };
  checkList(rows, 'evaluation', fields, fail);
}

export function checkComparisons(rows: unknown, fail: Fail): void {
  if (rows === undefined) return;
  const isMetric = (value: unknown) => value === 'ndcg@10' || value === 'kendall-tau';
  const fields: Fields = {
    metric: [optional(isMetric), '"ndcg@10" or "kendall-tau", or left out'],
    set: TEXT,
    queries: COUNT,
    method: TEXT,
    ...INTERVAL,
  };
  checkList(rows, 'comparisons', fields, fail);
}

export function checkDtypeMeasures(measures: unknown, fail: Fail): void {
  if (measures === undefined) return;
  if (!isObject(measures))
    fail('"dtypeMeasures" must map dtypes to {bytes, scoreError, agreement, prompts}.');
  const fields: Fields = { bytes: COUNT, scoreError: NUMBER, agreement: NUMBER, prompts: COUNT };
  for (const [dtype, measure] of Object.entries(measures)) {
    checkObject(measure, `dtypeMeasures.${dtype}`, fields, fail);
  }
}
