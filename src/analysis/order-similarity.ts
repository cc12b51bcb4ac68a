/** How alike two orders are at the top: rank-biased overlap and Jaccard. Orders are lists of ids, best first, no ties. */

/**
 * Extrapolated rank-biased overlap, RBO_ext (Webber, Moffat and Zobel 2010, equation 32 for lists of equal length k):
 * X_k/k · p^k + (1 − p)/p · Σ_{d=1…k} X_d/d · p^d, with X_d the items that both lists have in their first d places.
 * Ties: there are none in an order; scores that tie are in first-stage order before. Two orders of the same candidates
 * share all of them in the end, so they cannot reach 0: `rboFloor` says how low they can go.
 * @param p weight of going one place deeper, in (0, 1); .9 gives the first ten places 86 % of the weight
 * @returns 0…1; undefined for lists of different length or without items
 */
export function rbo(a: readonly string[], b: readonly string[], p = 0.9): number | undefined {
  const depth = a.length;
  if (depth === 0 || b.length !== depth) return undefined;
  const inA = new Set<string>();
  const inB = new Set<string>();
  let overlap = 0;
  let sum = 0;
  let weight = 1;
  for (let d = 1; d <= depth; d++) {
    const x = a[d - 1]!;
    const y = b[d - 1]!;
    inA.add(x);
    inB.add(y);
    if (x === y) overlap++;
    else {
      if (inB.has(x)) overlap++;
      if (inA.has(y)) overlap++;
    }
    weight *= p;
    sum += (overlap / d) * weight;
  }
  return (overlap / depth) * weight + ((1 - p) / p) * sum;
}

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
