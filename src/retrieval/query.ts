/** The terms of a query, and where they stand in a text. */
import { forEachTerm, type TermParams } from './tokenize.ts';

/** A term of a query with the number of times it occurs. */
export interface QueryTerm {
  readonly term: string;
  readonly count: number;
}

/**
 * The distinct terms of a query in order of first appearance, with their counts. A term that is
 * repeated counts as often as it occurs, as in Lucene and Anserini (a bag of words): long
 * queries, such as a dialogue, say by repetition what they are about.
 */
export function countedTerms(query: string, params: TermParams): QueryTerm[] {
  const counts = new Map<string, number>();
  forEachTerm(query, params, (term) => counts.set(term, (counts.get(term) ?? 0) + 1));
  return Array.from(counts, ([term, count]) => ({ term, count }));
}

/**
 * Whether there is anything to search for: `some` terms, nothing but `stop-words` that are left out, or
 * `none` at all (punctuation).
 */
export type QueryWords = 'some' | 'stop-words' | 'none';

export function wordsOf(query: string, params: TermParams): QueryWords {
  if (queryTerms(query, params).length > 0) return 'some';
  return queryTerms(query, { ...params, stopWords: false }).length > 0 ? 'stop-words' : 'none';
}

/** The distinct terms of a query as they are indexed, in order of first appearance. */
export function queryTerms(query: string, params: TermParams): string[] {
  return countedTerms(query, params).map(({ term }) => term);
}

/**
 * How the terms of a text are written in it, before stemming: term → its different forms in order of first
 * appearance, in lower case where case is folded.
 */
export function formsOfTerms(text: string, params: TermParams): Map<string, string[]> {
  const forms = new Map<string, string[]>();
  forEachTerm(text, params, (term, start, end) => {
    const written = text.slice(start, end);
    const form = params.fold ? written.toLowerCase() : written;
    const known = forms.get(term);
    if (!known) forms.set(term, [form]);
    else if (!known.includes(form)) known.push(form);
  });
  return forms;
}

/** A stretch of a text in UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the terms (from `queryTerms`) stand in a text: spans in order that neither overlap nor
 * touch within a word. Overlapping pairs are joined.
 */
export function markTerms(text: string, terms: Iterable<string>, params: TermParams): Span[] {
  const wanted = new Set(terms);
  const spans: { start: number; end: number }[] = [];
  if (wanted.size === 0) return spans;
  // With the same stop-words: "has" has the stem of "ha", and is not what BM25 counted.
  forEachTerm(text, params, (term, start, end) => {
    if (!wanted.has(term)) return;
    const last = spans.at(-1);
    if (last && start < last.end) last.end = end;
    else spans.push({ start, end });
  });
  return spans;
}
