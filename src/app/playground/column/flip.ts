/** Which moves of rows are worth an animation. Pixels from the top of the list. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A row this near to the screen counts as on it: rows are lower than this. */
const NEAR = 100;

/**
 * Where the animation of a row starts, as an offset from its new place `is`: `offset` where the whole
 * way is near the screen, nearer where it comes from far off (a row that flies over three screens in a
 * blink cannot be followed), and 0, no animation, where nothing of it would be seen.
 */
export function startOf(offset: number, is: number, { start, end }: Span): number {
  const [top, bottom] = [start - NEAR, end + NEAR];
  const was = is + offset;
  if (Math.max(was, is) < top || Math.min(was, is) > bottom) return 0;
  return Math.min(Math.max(was, Math.min(top, is)), Math.max(bottom, is)) - is;
}
