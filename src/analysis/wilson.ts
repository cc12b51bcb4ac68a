/** Interval of a share. */

export interface Share {
  readonly hits: number;
  readonly of: number;
  /** hits / of; NaN when there is nothing to count. */
  readonly share: number;
  /** 95 % interval of the share (Wilson 1927): stays inside 0…1 and holds for small counts. */
  readonly low: number;
  readonly high: number;
}

const Z = 1.959963984540054;

/**
 * A share with its 95 % Wilson interval. `hits` may hold halves (equal logits count one half each way).
 * @example shareOf(9, 10).low // 0.596
 */
export function shareOf(hits: number, of: number): Share {
  if (of === 0) return { hits, of, share: Number.NaN, low: 0, high: 1 };
  const p = hits / of;
  const square = Z * Z;
  const middle = (p + square / (2 * of)) / (1 + square / of);
  const reach = (Z / (1 + square / of)) * Math.sqrt((p * (1 - p)) / of + square / (4 * of * of));
  return { hits, of, share: p, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}
