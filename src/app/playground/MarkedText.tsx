import { Fragment, memo, type ReactNode } from 'react';
import type { Span } from '../../retrieval/query.ts';

/** Text with some spans marked. Text stays text: nothing in it is read as markup. */
export const MarkedText = memo(function MarkedText({
  text,
  spans,
}: {
  readonly text: string;
  readonly spans: readonly Span[];
}) {
  const pieces: ReactNode[] = [];
  let end = 0;
  for (const span of spans) {
    if (span.start > end) pieces.push(<Fragment key={`t${end}`}>{text.slice(end, span.start)}</Fragment>);
    pieces.push(<mark key={`m${span.start}`}>{text.slice(span.start, span.end)}</mark>);
    end = span.end;
  }
  if (end < text.length) pieces.push(<Fragment key={`t${end}`}>{text.slice(end)}</Fragment>);
  return pieces;
});
