/**
 * The inverted index: MiniSearch's own, opened so far that a query can walk the postings of a term
 * without the objects and the sort that `search` makes for each match, on a dictionary and posting
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
  /** Terms of the passage added last. */
  readonly #last: { terms: readonly string[] };
  #total = 0;

  /** @param analyse text → terms, in order, repetitions included */
  constructor(analyse: (text: string) => string[]) {
    const last = { terms: [] as string[] };
    super({
      fields: [FIELD],
      autoVacuum: false,
      // MiniSearch counts the *different* tokens for a field's length, which is not BM25's. So a
      // passage is one token to it, which is processed to all its terms; `append` sets the length.
      tokenize: (text) => [text],
      processTerm: (text) => {
        last.terms = analyse(text);
        return last.terms;
      },
    });
    this.#last = last;
    this.#terms = new ExactTerms();
    // The cast: our entries have those methods of a Map that MiniSearch calls, not all.
    this._index = this.#terms as unknown as typeof this._index;
  }

  /** Adds the next passage; its index is the number of passages before it. */
  append(text: string): void {
    const index = this.documentCount;
    this.add({ id: index, text });
    const { length } = this.#last.terms;
    this.#total += length;
    this._fieldLength.set(index, [length]);
    this._avgFieldLength[0] = this.#total / this.documentCount;
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
