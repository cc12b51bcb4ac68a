/** Many tests at once: p-values raised so that the chance of even one false alarm stays what it says. */

/**
 * Holm's step-down correction (Holm 1979): the i-th smallest of m p-values is multiplied by m − i + 1, none made
 * smaller than the one before it, none above 1. In the order given.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const corrected = new Array<number>(values.length);
  let highest = 0;
  order.forEach((at, place) => {
    highest = Math.max(highest, Math.min(1, values[at]! * (values.length - place)));
    corrected[at] = highest;
  });
  return corrected;
}
