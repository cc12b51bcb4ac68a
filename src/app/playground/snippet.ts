/** The part of a passage that a row shows: its beginning, or the place where the query's words stand. */
import { markTerms, queryTerms, type Span } from '../../retrieval/query.ts';

type Params = Parameters<typeof queryTerms>[1];

/** UTF-16 units of a snippet: more than two lines of a wide column hold. */
const length = 320;
/** A first match further in than this starts the snippet near it. */
const far = 110;
/** Marks are looked for in this much of a passage: a row need not read 200 kB. */
const searched = 20_000;

export interface Snippet {
  readonly text: string;
  readonly spans: readonly Span[];
}

export function makeSnippet(text: string, terms: readonly string[], params: Params): Snippet {
  const head = text.slice(0, searched);
  const spans = markTerms(head, terms, params);
  const first = spans[0]?.start ?? 0;
  let start = 0;
  if (first > far) {
    const space = head.indexOf(' ', first - 50);
    start = space >= 0 && space < first ? space + 1 : first;
  }
  // A cut must not part a surrogate pair.
  let end = Math.min(head.length, start + length);
  if (end < text.length && isLowSurrogate(text.charCodeAt(end))) end--;
  const lead = start > 0 ? '… ' : '';
  return {
    text: lead + head.slice(start, end).replace(/\s/g, ' '),
    spans: spans
      .filter((span) => span.start >= start && span.end <= end)
      .map((span) => ({ start: span.start - start + lead.length, end: span.end - start + lead.length })),
  };
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

export { queryTerms };
