/** Reading JSON whose shape is not known yet: every check that fails names file, line and place. */
import { usableKey } from './columns.ts';
import { badInput } from './excerpt.ts';
import { asId, describeJson as describe, faultOf, INEXACT_ID, isScalar, parseJson } from './json.ts';
import { JsonSplitter } from './json-split.ts';

export interface JsonValue {
  readonly value: unknown;
  /** Line it starts on, from 1. */
  readonly line: number;
}

/**
 * The values of a JSON or JSON-lines text: the elements of one top-level array, or the values that
 * follow one another. Throws 'bad-input' naming the line at the first one that is not valid JSON.
 */
export function parseJsonValues(text: string, file: string): JsonValue[] {
  const values: JsonValue[] = [];
  const splitter = new JsonSplitter(
    {
      value(piece, line) {
        try {
          values.push({ value: parseJson(piece), line });
        } catch (error) {
          throw badInput(file, line, `${faultOf(error)}. Correct or remove it.`);
        }
      },
      unfinished(line) {
        throw badInput(
          file,
          line,
          'the JSON value that starts here is incomplete. The file is cut off, or a bracket or quotation mark is missing.',
        );
      },
    },
    Number.POSITIVE_INFINITY,
  );
  splitter.push(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  splitter.finish();
  return values;
}

type Fields = Readonly<Record<string, unknown>>;

/** A JSON object with checked access to its fields. `where` is the path to it, e.g. `hits[3]`. */
export class Checked {
  readonly #fields: Fields;
  readonly file: string;
  readonly line: number | undefined;
  readonly where: string;

  constructor(value: unknown, file: string, line: number | undefined, where: string) {
    this.file = file;
    this.line = line;
    this.where = where;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.error('', `expected an object, found ${describe(value)}`);
    }
    this.#fields = value as Fields;
  }

  error(key: string, reason: string): Error {
    const path = [this.where, key].filter((part) => part !== '').join('.');
    return badInput(this.file, this.line, path === '' ? `${reason}.` : `“${path}”: ${reason}.`);
  }

  keys(): string[] {
    return Object.keys(this.#fields);
  }

  raw(key: string): unknown {
    return this.#fields[key];
  }

  has(key: string): boolean {
    return this.#fields[key] !== undefined && this.#fields[key] !== null;
  }

  string(key: string): string {
    const value = this.#fields[key];
    if (typeof value !== 'string') throw this.error(key, `expected text, found ${describe(value)}`);
    return value;
  }

  /** A text, or a number as one; '' for null, by which dumps say that there is none. */
  text(key: string): string {
    const value = this.#fields[key];
    if (value === null) return '';
    return isScalar(value) ? String(value) : this.string(key);
  }

  /** Which of several names for one thing is used here: the first with a text or number, else the first that is there. */
  firstKey(names: readonly string[]): string | undefined {
    return usableKey(this.#fields, names) ?? names.find((name) => this.has(name));
  }

  /** A text, or a number with its digits as written: ids come as both. */
  id(key: string): string {
    const value = this.#fields[key];
    const id = asId(value);
    if (id !== undefined) return id;
    if (isScalar(value)) throw this.error(key, INEXACT_ID);
    throw this.error(key, `expected an id, found ${describe(value)}`);
  }

  optionalString(key: string): string | undefined {
    return this.has(key) ? this.string(key) : undefined;
  }

  number(key: string): number {
    const value = toNumber(this.#fields[key]);
    if (value !== undefined) return value;
    throw this.error(key, `expected a number, found ${describe(this.#fields[key])}`);
  }

  boolean(key: string): boolean {
    const value = this.#fields[key];
    if (typeof value !== 'boolean') throw this.error(key, `expected true or false, found ${describe(value)}`);
    return value;
  }

  oneOf<T extends string | number>(key: string, allowed: readonly T[]): T {
    const value = this.#fields[key];
    const found = allowed.find((option) => option === value);
    if (found === undefined) {
      throw this.error(key, `expected one of ${allowed.join(', ')}, found ${describe(value)}`);
    }
    return found;
  }

  array(key: string): readonly unknown[] {
    const value = this.#fields[key];
    if (!Array.isArray(value)) throw this.error(key, `expected a list, found ${describe(value)}`);
    return value as readonly unknown[];
  }

  strings(key: string): string[] {
    return this.array(key).map((value, i) => {
      if (typeof value !== 'string')
        throw this.error(`${key}[${i}]`, `expected text, found ${describe(value)}`);
      return value;
    });
  }

  ids(key: string): string[] {
    return this.array(key).map((value, i) => {
      const id = asId(value);
      if (id !== undefined) return id;
      const reason = isScalar(value) ? INEXACT_ID : `expected an id, found ${describe(value)}`;
      throw this.error(`${key}[${i}]`, reason);
    });
  }

  numbers(key: string): number[] {
    return this.array(key).map((value, i) => {
      const number = toNumber(value);
      if (number !== undefined) return number;
      throw this.error(`${key}[${i}]`, `expected a number, found ${describe(value)}`);
    });
  }

  object(key: string): Checked {
    return new Checked(this.#fields[key], this.file, this.line, this.#path(key));
  }

  objects(key: string): Checked[] {
    return this.array(key).map((v, i) => new Checked(v, this.file, this.line, this.#path(`${key}[${i}]`)));
  }

  #path(key: string): string {
    return this.where === '' ? key : `${this.where}.${key}`;
  }
}

function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
