/** What the BM25 lesson shows: every score as the sum of its parts, and the three curves that the parts lie on. */
import { Bm25Index } from '../../../retrieval/bm25-index.ts';
import { inverseDocumentFrequency, lengthNorm, saturation } from '../../../retrieval/formula.ts';
import { countedTerms, formsOfTerms, type QueryTerm } from '../../../retrieval/query.ts';
import { termsOf } from '../../../retrieval/tokenize.ts';
import { type Bm25Params, DEFAULT_BM25 } from '../../../retrieval/types.ts';

/** Stop-words stay in: that frequent words hardly count is for the idf to show. */
export const LESSON_PARAMS: Bm25Params = { ...DEFAULT_BM25, stopWords: false };

export interface Part {
  readonly term: string;
  readonly frequency: number;
  /** Occurrences after the length of the passage was allowed for: frequency / length factor. */
  readonly adjusted: number;
  /** What the occurrences count, before idf. */
  readonly saturation: number;
  /** idf × saturation, as often as the query has the term. */
  readonly contribution: number;
}

export interface Explained {
  /** Place in the list of passages, from 0. */
  readonly index: number;
  /** Terms in the passage. */
  readonly length: number;
  /** 1 − b + b·|d| / avg|d|: above 1 for passages longer than the average. */
  readonly lengthFactor: number;
  /** The parts added up: exactly the index's own score. */
  readonly score: number;
  readonly parts: readonly Part[];
}

export interface WeighedTerm extends QueryTerm {
  /** As it stands in the query. */
  readonly word: string;
  /** Passages that contain it. */
  readonly matching: number;
  readonly idf: number;
}

export interface Explanation {
  readonly terms: readonly WeighedTerm[];
  /** In the order of the passages given. */
  readonly passages: readonly Explained[];
  /** Best first; those that share no word with the query come last, as they stood. */
  readonly order: readonly number[];
  readonly averageLength: number;
}

/** Searches the passages with the playground's own index, and takes each score apart. */
export function explain(passages: readonly string[], query: string, params: Bm25Params): Explanation {
  const index = new Bm25Index(params);
  for (const [i, text] of passages.entries()) index.append({ id: String(i), text });
  const { hits, filled } = index.search(query, passages.length, { fill: true });
  const lengths = passages.map((text) => termsOf(text, params).length);
  const averageLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const found = new Map(hits.map((hit) => [Number(hit.id), hit]));
  const words = formsOfTerms(query, params);
  const terms = countedTerms(query, params).map(({ term, count }): WeighedTerm => {
    const matching = passages.filter((text) => termsOf(text, params).includes(term)).length;
    return {
      term,
      count,
      matching,
      word: words.get(term)?.[0] ?? term,
      idf: inverseDocumentFrequency(matching, passages.length),
    };
  });
  const explained = passages.map((_, i): Explained => {
    const factor = lengthFactor(lengths[i]!, averageLength, params.b);
    const norm = lengthNorm(lengths[i]!, averageLength, params.k1, params.b);
    const hit = found.get(i);
    return {
      index: i,
      length: lengths[i]!,
      lengthFactor: factor,
      score: hit?.score ?? 0,
      parts: (hit?.terms ?? []).map(({ term, frequency, contribution }) => ({
        term,
        frequency,
        contribution,
        adjusted: frequency / factor,
        saturation: saturation(frequency, norm, params.k1, params.delta),
      })),
    };
  });
  const shown = [...hits.map(({ id }) => Number(id)), ...filled.map(({ id }) => Number(id))];
  const rest = passages.map((_, i) => i).filter((i) => !shown.includes(i));
  return { terms, passages: explained, order: [...shown, ...rest], averageLength };
}

/** 1 − b + b·|d| / avg|d|: a straight line over the length, which turns about (average, 1) as b changes. */
export const lengthFactor = (length: number, average: number, b: number): number =>
  average > 0 ? 1 - b + (b * length) / average : 1;

/** What `adjusted` occurrences count: one curve for passages of all lengths. */
export const saturationAt = (adjusted: number, k1: number): number =>
  adjusted === 0 ? 0 : saturation(adjusted, k1, k1, 0);

/** The k1 whose saturation curve goes through (adjusted, value); the curve rises with k1 where adjusted > 1. */
export const k1Through = (adjusted: number, value: number): number =>
  value >= adjusted ? Number.POSITIVE_INFINITY : (adjusted * (value - 1)) / (adjusted - value);
