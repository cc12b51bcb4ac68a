/** Where models stop reading a passage, as places in the text that is shown. */
import type { ShownAs } from './methods.ts';

/** One model's cut, in UTF-16 units of what it was given: the title in its template's style, then the text. */
export interface Cut {
  readonly by: ShownAs;
  readonly kept: number;
  readonly total: number;
}

export interface PlacedCut extends Cut {
  /** Place in the text alone. */
  readonly at: number;
}

/** Cuts in order of place in a text of this length. */
export function cutsInText(cuts: readonly Cut[], length: number): PlacedCut[] {
  return cuts
    .map((cut) => ({ ...cut, at: Math.min(length, Math.max(0, cut.kept - (cut.total - length))) }))
    .sort((a, b) => a.at - b.at);
}

/** Spans that fall into [start, end), moved so that they count from `start`. */
export function spansWithin(
  spans: readonly { readonly start: number; readonly end: number }[],
  start: number,
  end: number,
): { start: number; end: number }[] {
  return spans
    .map((span) => ({ start: Math.max(span.start, start) - start, end: Math.min(span.end, end) - start }))
    .filter((span) => span.end > span.start);
}
