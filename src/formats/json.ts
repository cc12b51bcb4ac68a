/**
 * JSON as it comes from strangers. JSON.parse rounds whole numbers above 2^53, and ids are such numbers in
 * many dumps; here they keep their digits, as a bigint. Node 20 gives a reviver no source text, so the
 * rare text that has such a number is read a second time, by a reader that may rely on its being valid.
 */
import { endOfString, isTooDeep, MAX_DEPTH } from '../json-text.ts';
import { excerpt } from './excerpt.ts';

export { MAX_DEPTH };

/** Why a text cannot be read as JSON; the message is a clause without its full stop, with an excerpt. */
export class JsonFault extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'JsonFault';
  }
}

/** Sixteen digits where a number can begin; decimals with many digits, common in scores, do not count. */
const MAY_BE_LARGE = /(?:^|[\s:,[-])\d{16}/;

/**
 * The value of a JSON text: whole numbers beyond ±(2^53 − 1) are bigints, everything else is as
 * JSON.parse has it. @throws JsonFault
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text))
    throw new JsonFault(`brackets nested deeper than ${MAX_DEPTH} levels: ${excerpt(text)}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : '';
    throw new JsonFault(`not valid JSON (${why}): ${excerpt(text)}`);
  }
  return MAY_BE_LARGE.test(text) ? new ExactReader(text).value() : value;
}

/** The clause of a JsonFault; any other error is thrown on. */
export function faultOf(error: unknown): string {
  if (error instanceof JsonFault) return error.message;
  throw error;
}

/** A value that can be an id or a text: not empty, and not an object, a list, true, false or null. */
export function isScalar(value: unknown): value is string | number | bigint {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value));
}

/** Digits that a 64-bit float keeps for certain. */
const SURE_DIGITS = 15;

/** An id as it was written; undefined where it is none, or a number such as 1e21 or 0.12345678901234567 whose digits are unknown. */
export function asId(value: unknown): string | undefined {
  if (!isScalar(value)) return undefined;
  const text = String(value);
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return text;
  const digits = text.replace(/e.*/, '').replace(/\D/g, '').replace(/^0+/, '').length;
  return Number.isInteger(value) || digits > SURE_DIGITS ? undefined : text;
}

/** What to do where `asId` does not know a number's digits. */
export const INEXACT_ID =
  'is a number with too many digits to be read exactly. Put the id in quotation marks';

/** A JSON value in words, for messages; never its own `toString`. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return excerpt(String(value));
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads a text that JSON.parse has accepted and that is not nested too deep. */
class ExactReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): unknown {
    const first = this.#next();
    if (first === '"') return this.#string();
    if (first === '[') return this.#list();
    if (first === '{') return this.#object();
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  /** The next character that is not white space, without passing it. */
  #next(): string {
    while (this.#text.charCodeAt(this.#at) <= 32) this.#at++;
    return this.#text[this.#at]!;
  }

  #string(): string {
    const start = this.#at;
    const end = endOfString(this.#text, start);
    this.#at = end + 1;
    const inner = this.#text.slice(start + 1, end);
    return inner.includes('\\') ? (JSON.parse(`"${inner}"`) as string) : inner;
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const [written] = NUMBER.exec(this.#text)!;
    this.#at += written.length;
    const value = Number(written);
    const isWhole = !/[.eE]/.test(written);
    return isWhole && !Number.isSafeInteger(value) ? BigInt(written) : value;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    this.#at++;
    while (this.#next() !== ']') {
      list.push(this.value());
      if (this.#next() === ',') this.#at++;
    }
    this.#at++;
    return list;
  }

  #object(): object {
    const object = {};
    this.#at++;
    while (this.#next() !== '}') {
      const key = this.#string();
      this.#next();
      this.#at++; // the colon
      // Not by assignment, which means something else for the key "__proto__".
      const value = this.value();
      Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
      if (this.#next() === ',') this.#at++;
    }
    this.#at++;
    return object;
  }
}

const WORDS: readonly (readonly [string, unknown])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
