/** How alike two orders are at the top: rank-biased overlap and Jaccard. Orders are lists of ids, best first, no ties. */
import { rankBiasedOverlap } from '../evaluation/rbo.ts';

/**
 * Rank-biased overlap (evaluation/rbo.ts) of two orders of as many items; undefined for lists of different length. Two
 * orders of the same candidates share all of them in the end, so they cannot reach 0: `rboFloor` says how low they can go.
 */
export const rbo = (a: readonly string[], b: readonly string[], p?: number): number | undefined =>
  a.length === b.length ? rankBiasedOverlap(a, b, p) : undefined;

/** The least RBO_ext that two orders of the same n items can have: that of an order and its reverse. */
export function rboFloor(n: number, p = 0.9): number | undefined {
  const order = Array.from({ length: n }, (_, i) => String(i));
  return rbo(order, order.toReversed(), p);
}

/** Jaccard similarity of the first k of two orders: shared items over all items; undefined for k = 0 or empty lists. */
export function jaccardAt(a: readonly string[], b: readonly string[], k: number): number | undefined {
  const first = new Set(a.slice(0, k));
  const second = new Set(b.slice(0, k));
  const all = new Set([...first, ...second]);
  if (all.size === 0) return undefined;
  return [...first].filter((id) => second.has(id)).length / all.size;
}
