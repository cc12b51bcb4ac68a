/** The terms of a query, and where they stand in a text. */
import { forEachTerm, type TermParams } from './tokenize.ts';

/** A term of a query with the number of times it stands there. */
export interface QueryTerm {
  readonly term: string;
  readonly count: number;
}

/**
 * The distinct terms of a query in order of first appearance, with their counts. A term that is
 * repeated counts as often as it stands there, as in Lucene and Anserini (a bag of words): long
 * queries, such as a dialogue, say by repetition what they are about.
 */
export function countedTerms(query: string, params: TermParams): QueryTerm[] {
  const counts = new Map<string, number>();
  forEachTerm(query, params, (term) => counts.set(term, (counts.get(term) ?? 0) + 1));
  return Array.from(counts, ([term, count]) => ({ term, count }));
}

/** The distinct terms of a query as they are indexed, in order of first appearance. */
export function queryTerms(query: string, params: TermParams): string[] {
  return countedTerms(query, params).map(({ term }) => term);
}

/** A stretch of a text in UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the terms (from `queryTerms`) stand in a text: spans in order that neither overlap nor
 * touch within a word. Overlapping pairs of unspaced scripts are joined.
 */
export function markTerms(text: string, terms: Iterable<string>, params: TermParams): Span[] {
  const wanted = new Set(terms);
  const spans: { start: number; end: number }[] = [];
  if (wanted.size === 0) return spans;
  // Wanted terms are never stop-words, or were made with the list off: no need to ask again.
  forEachTerm(text, { fold: params.fold, stopWords: false }, (term, start, end) => {
    if (!wanted.has(term)) return;
    const last = spans.at(-1);
    if (last && start < last.end) last.end = end;
    else spans.push({ start, end });
  });
  return spans;
}
