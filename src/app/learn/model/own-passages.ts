/** A query and passages of one's own, in the addresses of the lessons that ask a model. */
import { PASSAGES, QUERY } from './example.ts';

export interface Texts {
  readonly query: string;
  readonly passages: readonly string[];
}

export const MOST_PASSAGES = 8;
export const LONGEST = 1000;

/** `q`, and `p` once for each passage, at least two; else the lesson's own. */
export function textsOf(params: URLSearchParams): Texts {
  const own = params.getAll('p').map((text) => text.trim().slice(0, LONGEST));
  const passages = own.filter((text) => text !== '').slice(0, MOST_PASSAGES);
  return {
    query: params.get('q')?.slice(0, LONGEST) ?? QUERY,
    passages: passages.length >= 2 ? passages : PASSAGES,
  };
}

export function putTexts(params: URLSearchParams, { query, passages }: Texts): void {
  if (query !== QUERY) params.set('q', query);
  // An emptied passage would not come back as one.
  const whole = passages.every((text) => text.trim() !== '');
  if (whole && passages.join('\n') !== PASSAGES.join('\n'))
    for (const text of passages) params.append('p', text);
}

/** Position of a passage named `p2` in an address. */
export function placeOf(params: URLSearchParams, key: string, count: number, other: number): number {
  const place = Number(/^p(\d)$/.exec(params.get(key) ?? '')?.[1]) - 1;
  return place >= 0 && place < count ? place : other;
}

export interface Difference {
  /** Words taken away, put in, or replaced by another. */
  readonly changed: number;
  /** Words of the first text that the second lacks. */
  readonly lost: number;
}

const wordsOf = (text: string): readonly string[] =>
  text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];

/** How far a text is from another, in words in their order; punctuation is no word. */
export function differenceOf(before: string, after: string): Difference {
  const [one, other] = [wordsOf(before), wordsOf(after)];
  // Longest common subsequence, row by row.
  let row = new Array<number>(other.length + 1).fill(0);
  for (const word of one) {
    const next = [0];
    for (const [j, against] of other.entries()) {
      next.push(word === against ? row[j]! + 1 : Math.max(next[j]!, row[j + 1]!));
    }
    row = next;
  }
  const common = row.at(-1)!;
  return { changed: Math.max(one.length, other.length) - common, lost: one.length - common };
}
