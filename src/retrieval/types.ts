/** What retrieval says to the floors above it. */

/** What is done to English words before they are indexed and searched for (stem.ts). */
export type Stemming = 'english' | 'none';

/** Parameters of the index and of the score. Only `stopWords`, `fold` and `stemming` need a new index. */
export interface Bm25Params {
  /** How slowly repeated occurrences stop counting; 0 or more. */
  readonly k1: number;
  /** How much long passages are held back; 0 (not at all) to 1 (in proportion). */
  readonly b: number;
  /** BM25+ lower bound δ; 0 is plain BM25. */
  readonly delta: number;
  /** Leave out English function words (stop-words.ts). */
  readonly stopWords: boolean;
  /** Fold case and diacritics (é → e). */
  readonly fold: boolean;
  /** `english`: “deduct” finds “deductible”. Records that do not name it were made with `none`. */
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
