/** Where the tour's card goes: beside what it speaks of, inside the window. Pure. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Size = Pick<Box, 'width' | 'height'>;

const GAP = 14;
const MARGIN = 12;

/**
 * Right of the part, below, above or left of it, whichever has room first; else over its lower end.
 *
 * @param part in the window's pixels; what sticks out of the window does not count
 */
export function placeCard(part: Box, card: Size, window: Size): { left: number; top: number } {
  const right = part.left + part.width;
  const bottom = part.top + part.height;
  const clamp = (at: number, size: number, whole: number): number =>
    Math.max(MARGIN, Math.min(at, whole - size - MARGIN));
  const left = clamp(part.left, card.width, window.width);
  const top = clamp(part.top, card.height, window.height);
  const below = clamp(bottom + GAP, card.height, window.height);
  const above = clamp(part.top - GAP - card.height, card.height, window.height);
  if (right + GAP + card.width + MARGIN <= window.width)
    return { left: clamp(right + GAP, card.width, window.width), top };
  if (bottom + GAP + card.height + MARGIN <= window.height) return { left, top: below };
  if (part.top - GAP - card.height >= MARGIN) return { left, top: above };
  if (part.left - GAP - card.width >= MARGIN)
    return { left: clamp(part.left - GAP - card.width, card.width, window.width), top };
  return { left, top: clamp(window.height, card.height, window.height) };
}
