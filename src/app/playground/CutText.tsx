import { Fragment } from 'react';
import type { Span } from '../../retrieval/query.ts';
import { formatNumber } from '../ui/numbers.ts';
import { type PlacedCut, spansWithin } from './cuts.ts';
import { MarkedText } from './MarkedText.tsx';
import { shownNames } from './methods.ts';

const leadingSpace = (text: string): number => text.length - text.trimStart().length;

/**
 * A passage with its terms marked and a line where each model stopped reading. What no model read
 * is set back; what one read and the other did not stands between their lines.
 */
export function CutText({
  text,
  spans,
  cuts,
}: {
  readonly text: string;
  readonly spans: readonly Span[];
  readonly cuts: readonly PlacedCut[];
}) {
  const stops = [...cuts.map((cut) => cut.at), text.length];
  return (
    <div className="passage-text" dir="auto">
      {stops.map((end, i) => {
        const before = cuts[i - 1];
        const cut = i === 0 ? 0 : (stops[i - 1] ?? 0);
        // White space at a cut would indent the line after it.
        const start = before ? cut + leadingSpace(text.slice(cut, end)) : cut;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order.
          <Fragment key={i}>
            {before && (
              <span className="passage-cut" data-method={before.by}>
                {shownNames[before.by]} stopped reading here: {formatNumber(before.kept)} of{' '}
                {formatNumber(before.total)} characters
              </span>
            )}
            <span className={before ? 'passage-unread' : undefined}>
              <MarkedText text={text.slice(start, end)} spans={spansWithin(spans, start, end)} />
            </span>
          </Fragment>
        );
      })}
    </div>
  );
}
