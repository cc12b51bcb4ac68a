/** What retrieval says to the floors above it. */

/** What is done to English words before they are indexed and searched for (stem.ts). */
export type Stemming = 'english' | 'none';

/** Parameters of the index and of the score. Only `stopWords`, `fold` and `stemming` need a new index. */
export interface Bm25Params {
  /**
   * How slowly repeated occurrences stop counting; 0 or more.
   * @example `{ ...DEFAULT_BM25, k1: 0.9, b: 0.4 }` is Anserini's BM25; `k1: 0` counts a term once, however often it occurs
   */
  readonly k1: number;
  /**
   * How much long passages are held back; 0 (not at all) to 1 (in proportion).
   * @example `{ ...DEFAULT_BM25, b: 0 }` for passages of one length, such as titles
   */
  readonly b: number;
  /**
   * BM25+ lower bound δ; 0 is plain BM25.
   * @example `{ ...DEFAULT_BM25, delta: 1 }` is BM25+ as in Lv and Zhai 2011: a long passage with a term beats one without it
   */
  readonly delta: number;
  /**
   * Leave out English function words (stop-words.ts).
   * @example `{ ...DEFAULT_BM25, stopWords: false }` finds “to be or not to be”
   */
  readonly stopWords: boolean;
  /**
   * Fold case and diacritics (é → e).
   * @example with `fold: true` “cafe” finds “Café”; `fold: false` keeps “US” and “us” apart
   */
  readonly fold: boolean;
  /**
   * `english`: “deduct” finds “deductible”. Records that do not name it were made with `none`.
   * @example `{ ...DEFAULT_BM25, stemming: 'none' }` for part numbers, names, and languages other than English
   */
  readonly stemming: Stemming;
}

/** k1 and b as in Robertson and Zaragoza 2009 and in Lucene. */
export const DEFAULT_BM25: Bm25Params = {
  k1: 1.2,
  b: 0.75,
  delta: 0,
  stopWords: true,
  fold: true,
  stemming: 'english',
};

/** The defaults before there was stemming: for records that do not name it. */
export const UNSTEMMED_BM25: Bm25Params = { ...DEFAULT_BM25, stemming: 'none' };

export interface SearchHit {
  readonly id: string;
  readonly score: number;
  /** Term by term, in query order: their contributions, added from left to right, are the score. */
  readonly terms: readonly TermContribution[];
}

/** What one term of the query adds to one passage's score. */
export interface TermContribution {
  /** As indexed: folded and stemmed. */
  readonly term: string;
  /** Share of the score: the one-term search's score times `queryCount`. */
  readonly contribution: number;
  /** Occurrences in the passage. */
  readonly frequency: number;
  readonly idf: number;
  /** Occurrences in the query; absent where not known. */
  readonly queryCount?: number;
}
