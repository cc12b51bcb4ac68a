/** Quantiles of a list of numbers. */

/** Linear interpolation between the two nearest values; null for none. @param q from 0 to 1 */
export function quantile(values: readonly number[], q: number): number | null {
  return values.length === 0
    ? null
    : quantileOfSorted(
        [...values].sort((a, b) => a - b),
        q,
      );
}

/** The same of a list that is sorted, lowest first, and not empty. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (at - below);
}
