/** Rank-biased overlap: how alike two rankings are, the first places counting most. */

/** The persistence that the paper's examples use: the first ten places have 86 % of the weight. */
export const RBO_PERSISTENCE = 0.9;

/**
 * Extrapolated RBO (Webber, Moffat and Zobel 2010, Eq. 32) of two orders of ids, best first: what is seen of them is
 * taken to go on as it is. 1 for the same order, 0 for lists without a common id; undefined for an empty list.
 * Unlike τ it counts ids that one list alone has. Ids are unique within a list.
 *
 * @param p persistence, 0 < p < 1: the chance that a reader goes on to the next place
 */
export function rankBiasedOverlap(
  a: readonly string[],
  b: readonly string[],
  p: number = RBO_PERSISTENCE,
): number | undefined {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const s = short.length;
  const l = long.length;
  if (s === 0) return undefined;
  const seenShort = new Set<string>();
  const seenLong = new Set<string>();
  let common = 0;
  let sum = 0;
  /** Common ids within the first s places. */
  let commonAtS = 0;
  for (let d = 1; d <= l; d++) {
    const inLong = long[d - 1]!;
    seenLong.add(inLong);
    if (d <= s) {
      const inShort = short[d - 1]!;
      seenShort.add(inShort);
      if (inShort === inLong) common++;
      else common += (seenLong.has(inShort) ? 1 : 0) + (seenShort.has(inLong) ? 1 : 0);
    } else if (seenShort.has(inLong)) common++;
    if (d === s) commonAtS = common;
    sum += (common / d) * p ** d;
    // The short list is taken to go on as it began.
    if (d > s) sum += ((commonAtS * (d - s)) / (s * d)) * p ** d;
  }
  return ((1 - p) / p) * sum + ((common - commonAtS) / l + commonAtS / s) * p ** l;
}
