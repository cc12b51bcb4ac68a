/**
 * Which sentence decides: leave out one piece of a passage at a time (sentences, then words) and watch how far the
 * answer moves. Leave-one-out attribution: it says what the answer depends on, not why.
 */

export type Unit = 'sentence' | 'word';

/** A stretch of a text, in UTF-16 units. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/**
 * A text in sentences or words, by the Unicode rules (Intl.Segmenter). White space after a piece belongs to it, so that
 * the pieces are the whole text; words without a letter or digit join the piece before.
 */
export function piecesOf(text: string, unit: Unit, locale = 'en'): Piece[] {
  const pieces: { start: number; end: number }[] = [];
  for (const { segment, index, isWordLike } of new Intl.Segmenter(locale, { granularity: unit }).segment(
    text,
  )) {
    const end = index + segment.length;
    const last = pieces.at(-1);
    const empty = unit === 'word' ? !isWordLike : segment.trim() === '';
    if (last && (empty || text.slice(last.start, last.end).trim() === '')) last.end = end;
    else pieces.push({ start: index, end });
  }
  return pieces;
}

/** The text without one piece. */
export const without = (text: string, { start, end }: Piece): string =>
  (text.slice(0, start) + text.slice(end)).trim();

/** A piece and what it is worth: how far leaving it out moves the answer. */
export interface Weighed extends Piece {
  /** Answer with the whole text − answer without the piece: above 0, the piece speaks for what the answer measures. */
  readonly weight: number;
}

/**
 * Weighs the pieces of a text.
 * @param whole the answer (logit A − logit B, or the Yes logit) with the whole text
 * @param left left[i]: the answer without pieces[i]; NaN where it was not asked
 */
export const weigh = (pieces: readonly Piece[], whole: number, left: readonly number[]): Weighed[] =>
  pieces.map(({ start, end }, i) => ({ start, end, weight: whole - left[i]! }));

export interface Sanity {
  /** Sum of all pieces' weights: equals `all` only where pieces act alone. */
  readonly sum: number;
  /** What happens when everything is left out: whole − answer with an empty passage. */
  readonly all: number;
}

export const sanityOf = (weighed: readonly Weighed[], whole: number, empty: number): Sanity => ({
  sum: weighed.reduce((sum, { weight }) => sum + (Number.isNaN(weight) ? 0 : weight), 0),
  all: whole - empty,
});
