/** What schemas of stored data are made of. Whatever may be of another time, or broken, is bounded before it is walked. */
import * as v from 'valibot';
import { isFiniteNumber, isObject, isText } from '../checks.ts';

export const text = v.custom<string>(isText);
export const finite = v.custom<number>(isFiniteNumber);

/** A text that no one could have made longer than so many UTF-16 units. */
export const short = (most: number) => v.pipe(v.string(), v.maxLength(most));

/** What is there but cannot be used counts as nothing. */
export const orNull = <const S extends v.GenericSchema>(schema: S) =>
  v.fallback(v.nullable(schema), null as never);
export const orNone = <const S extends v.GenericSchema>(schema: S) =>
  v.fallback(v.optional(schema), undefined as never);

/** True or false; anything else is what is usual. */
export const flag = (usual: boolean) => v.fallback(v.boolean(), usual);

/** A list of at most so many items: a stored one may claim any length. Holes are items that are not there. */
export const listUpTo = <const S extends v.GenericSchema>(most: number, item: S) =>
  v.pipe(
    v.custom<unknown[]>((list) => Array.isArray(list) && list.length <= most),
    v.array(item),
  );

/** What is made of whatever is there, be it nothing. */
export const readBy = <T>(read: (value: unknown) => T) =>
  v.fallback(v.pipe(v.unknown(), v.transform(read)), () => read(undefined));

/** An object of which some fields are known; the rest stays as it is. */
export const objectWith = <const E extends v.ObjectEntries>(entries: E) =>
  v.pipe(v.custom<Record<string, unknown>>(isObject), v.looseObject(entries));

/** An object of which no more is known than that these fields are texts. */
export const withTexts = <T>(...names: readonly (keyof T & string)[]) =>
  v.custom<T>((value) => isObject(value) && names.every((name) => isText(value[name])));

/** What a schema makes of a value; undefined when it cannot be read. */
export function readAs<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> | undefined {
  const { success, output } = v.safeParse(schema, value);
  return success ? output : undefined;
}
