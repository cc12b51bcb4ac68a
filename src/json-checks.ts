/** Checks of parsed JSON that may hold anything; each says which field is wrong and what it must be. */
import { shown } from './json-text.ts';

export type Json = Readonly<Record<string, unknown>>;
export type Fail = (what: string) => never;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;
export const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
export const isPositive = (value: unknown) => isCount(value) && value > 0;
export const isDigest = (value: unknown): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value);
export const optional = (is: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || is(value);

/** Field → what it must be, as a check and in words. */
export type Fields = Readonly<Record<string, readonly [is: (value: unknown) => boolean, must: string]>>;

export const TEXT = [isText, 'a string'] as const;
export const COUNT = [isCount, 'a whole number'] as const;
export const NUMBER = [isNumber, 'a number'] as const;

export function checkObject(value: unknown, where: string, fields: Fields, fail: Fail): void {
  if (!isObject(value)) fail(`"${where}" must be an object.`);
  const object = value as Json;
  for (const [field, [is, must]] of Object.entries(fields)) {
    if (is(object[field])) continue;
    fail(`"${where}.${field}" must be ${must}, found ${shown(object[field])}.`);
  }
}

export function checkList(list: unknown, where: string, fields: Fields, fail: Fail): void {
  if (!Array.isArray(list)) fail(`"${where}" must be a list.`);
  for (const [i, item] of (list as readonly unknown[]).entries()) {
    checkObject(item, `${where}[${i}]`, fields, fail);
  }
}
