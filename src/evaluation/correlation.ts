/**
 * How alike two rankings are. Functions on *orders* take lists of ids, best first, and look only at
 * the ids that both lists have; they give undefined when fewer than two are left.
 */

/** The items both lists have: for each, in the order of `a`, its place among the common ones in `b`. */
function commonPlaces(a: readonly string[], b: readonly string[]): number[] {
  const inA = new Set(a);
  const place = new Map<string, number>();
  for (const id of b) if (inA.has(id) && !place.has(id)) place.set(id, place.size);
  const seen = new Set<string>();
  const places: number[] = [];
  for (const id of a) {
    const at = place.get(id);
    if (at === undefined || seen.has(id)) continue;
    seen.add(id);
    places.push(at);
  }
  return places;
}

/**
 * Kendall's τ between two orders without ties: (concordant − discordant) / all pairs.
 * 1 for the same order, −1 for the reverse. What the trainer's tables and cards show: they compare the
 * orders that would be handed on, ties in first-stage order. The page compares scores (kendallTauB).
 */
export function kendallTau(a: readonly string[], b: readonly string[]): number | undefined {
  const places = commonPlaces(a, b);
  const n = places.length;
  if (n < 2) return undefined;
  const pairs = (n * (n - 1)) / 2;
  return (pairs - 2 * countInversions(places)) / pairs;
}

/**
 * Kendall's τ-b between two lists of scores of the same items, ties allowed (Kendall 1945):
 * (C − D) / √((P − ties in x)(P − ties in y)). undefined when a list is all ties or shorter than 2.
 */
export function kendallTauB(x: readonly number[], y: readonly number[]): number | undefined {
  const n = Math.min(x.length, y.length);
  let score = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const dx = Math.sign(x[i]! - x[j]!);
      const dy = Math.sign(y[i]! - y[j]!);
      score += dx * dy;
      untiedX += dx * dx;
      untiedY += dy * dy;
    }
  }
  // Two roots rather than one of the product: the product can lose exactness.
  return untiedX === 0 || untiedY === 0 ? undefined : score / (Math.sqrt(untiedX) * Math.sqrt(untiedY));
}

/**
 * τ_AP (Yilmaz, Aslam and Robertson 2008): like τ, but a swap near the top of `order` weighs more.
 * 2/(n−1) · Σ_{i=2…n} C(i)/(i−1) − 1, where C(i) counts the items above rank i of `order` that
 * `reference` too has above that item. Not symmetric. 1 for the same order, −1 for the reverse.
 */
export function tauAp(order: readonly string[], reference: readonly string[]): number | undefined {
  const places = commonPlaces(order, reference);
  const n = places.length;
  if (n < 2) return undefined;
  let sum = 0;
  for (let i = 1; i < n; i++) {
    let right = 0;
    for (let above = 0; above < i; above++) if (places[above]! < places[i]!) right++;
    sum += right / i;
  }
  return (2 * sum) / (n - 1) - 1;
}

/** Spearman's ρ between two orders without ties: 1 − 6 Σ d² / (n(n² − 1)). */
export function spearman(a: readonly string[], b: readonly string[]): number | undefined {
  const places = commonPlaces(a, b);
  const n = places.length;
  if (n < 2) return undefined;
  const squares = places.reduce((sum, place, index) => sum + (place - index) ** 2, 0);
  return 1 - (6 * squares) / (n * (n * n - 1));
}

/** Pairs out of order, by merge sort: n log n, so that whole runs can be compared. */
function countInversions(values: readonly number[]): number {
  let list = [...values];
  let spare = new Array<number>(list.length);
  let inversions = 0;
  for (let width = 1; width < list.length; width *= 2) {
    for (let start = 0; start < list.length; start += 2 * width) {
      const middle = Math.min(start + width, list.length);
      const end = Math.min(start + 2 * width, list.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        if (left < middle && (right >= end || list[left]! <= list[right]!)) {
          spare[at] = list[left++]!;
        } else {
          inversions += middle - left;
          spare[at] = list[right++]!;
        }
      }
    }
    [list, spare] = [spare, list];
  }
  return inversions;
}
