/** The one scale that all score bars of a column share: nice ends, and always a zero line. */

export interface Scale {
  readonly min: number;
  readonly max: number;
}

const SMALLEST = 1e-12;

/** The smallest of 1, 2, 2.5, 5 × 10^n that is not below `value`. */
function niceCeil(value: number): number {
  if (value <= 0) return 0;
  // Powers of ten below this run out of digits; no score is told from zero there anyway.
  if (value < SMALLEST) return SMALLEST;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]) {
    if (step * power >= value * (1 - 1e-9)) return step * power;
  }
  return 10 * power;
}

/**
 * A scale that holds zero and every finite score. With `fixedMax` (PRP: 2(n − 1), Eq. 5) it does not
 * grow while decisions come in, so that a longer bar always means a better score than before.
 */
export function makeScale(scores: readonly number[], fixedMax?: number): Scale {
  let low = 0;
  let high = 0;
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  const max = fixedMax ?? niceCeil(high);
  const min = low < 0 ? -niceCeil(-low) : 0;
  return max === min ? { min: 0, max: 1 } : { min, max };
}

/** Where a score lies on the scale, 0 to 1. */
export function position(scale: Scale, score: number): number {
  return Math.min(1, Math.max(0, (score - scale.min) / (scale.max - scale.min)));
}

/** A score as the rows show it: two decimals for logits and BM25, one for PRP's halves. */
export function formatScore(score: number, decimals: number): string {
  return score.toFixed(decimals).replace('-', '−');
}

/** An end of the scale: no more digits than it needs. */
export function formatTick(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

export interface Tick {
  /** 0 to 1. */
  readonly at: number;
  readonly value: number;
}

/** Room that a label needs on the axis of a column, as a share of it: for each character, and between two. */
const CHARACTER = 0.03;
const GAP = 0.02;

/** Zero and those ends of the scale whose labels do not run into its label. */
export function ticksOf(scale: Scale): readonly Tick[] {
  const zero = position(scale, 0);
  const apart = (at: number, value: number): boolean =>
    Math.abs(at - zero) >= formatTick(value).length * CHARACTER + GAP;
  const end = (at: number, value: number): Tick[] => (apart(at, value) ? [{ at, value }] : []);
  return [...end(0, scale.min), { at: zero, value: 0 }, ...end(1, scale.max)];
}
