/**
 * The inverted index: MiniSearch's own, opened so far that a query can walk the postings of a term
 * without the objects and the sort that `search` makes for each match (1.5 µs and 300 bytes a
 * passage: seconds for a query of frequent words over 100,000 passages), on a dictionary and posting
 * lists that a browser tab has room for.
 *
 * What `search(term)` scores is computed from the same numbers by the same formula; a test holds
 * both against each other, to the last bit. The fields touched here are `protected` in MiniSearch,
 * whose version is pinned.
 */
import MiniSearch from 'minisearch';
import { ExactTerms } from './exact-terms.ts';
import { PostingList } from './posting-list.ts';

interface Entry {
  readonly id: number;
  readonly text: string;
}

const NONE = new PostingList();
const FIELD = 'text';

export class Postings extends MiniSearch<Entry> {
  readonly #terms: ExactTerms;

  /** @param analyse text → terms, in order, repetitions included */
  constructor(analyse: (text: string) => readonly string[]) {
    let terms: readonly string[] = [];
    super({
      fields: [FIELD],
      autoVacuum: false,
      // A field's length is the number of *different* strings that `tokenize` returns, which is not
      // BM25's. Handing out ordinals and resolving them one by one makes it the number of terms.
      tokenize: (text) => {
        terms = analyse(text);
        return ordinals(terms.length);
      },
      processTerm: (ordinal) => terms[Number(ordinal)],
    });
    // The cast: our entries have those methods of a Map that MiniSearch calls, not all.
    this._index = new ExactTerms() as unknown as typeof this._index;
    this.#terms = this._index as unknown as ExactTerms;
  }

  /** Adds the next passage; its index is the number of passages before it. */
  append(text: string): void {
    this.add({ id: this.documentCount, text });
  }

  /** Passages that contain the term, with how often. */
  of(term: string): PostingList {
    return this.#terms.get(term)?.get(0) ?? NONE;
  }

  /** Terms in a passage, repetitions included. */
  lengthOf(index: number): number {
    return this._fieldLength.get(index)?.[0] ?? 0;
  }

  get averageLength(): number {
    return this._avgFieldLength[0] ?? 0;
  }
}

/** By count: passages are of like lengths, and MiniSearch only reads the array. */
const made = new Map<number, string[]>();

/** '0', '1', … `count` different strings. */
function ordinals(count: number): string[] {
  let found = made.get(count);
  if (!found) {
    found = Array.from({ length: count }, (_, i) => String(i));
    // A passage of 200 kB is rare; its ordinals are not worth keeping.
    if (count <= 1000) made.set(count, found);
  }
  return found;
}
