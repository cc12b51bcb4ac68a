/** Small questions about data of unknown shape: what was stored may be of another time, or broken. */

export { isNumber as isFiniteNumber, isObject, isText } from '../json-checks.ts';

import { isText } from '../json-checks.ts';

/** Any number, NaN included: "no score yet" is NaN. */
export const isNumber = (value: unknown): value is number => typeof value === 'number';

export const isListOf = <T>(value: unknown, check: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.every(check);

/** A text that no one could have made longer than so many UTF-16 units. */
export const isShort = (value: unknown, most: number): value is string =>
  isText(value) && value.length <= most;

/** A list of at most so many items, without holes: a stored one may claim any length, and `every` skips holes. */
export const isListUpTo = <T>(
  value: unknown,
  most: number,
  check: (item: unknown) => item is T,
): value is T[] => Array.isArray(value) && value.length <= most && Array.from(value).every(check);

/** A whole number from 0 to below the limit. */
export const isIndex = (value: unknown, limit: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < limit;

/** The value if it is one of the list's, else the fallback. */
export function oneOf<T extends string>(value: unknown, list: readonly T[], fallback: T): T {
  return list.find((item) => item === value) ?? fallback;
}
