/**
 * Places of labels along a line, near their values and at least `gap` apart, inside the limits where there is room.
 * @returns in the order of the values
 */
export function spread(values: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const places = values.map(() => 0);
  let last = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    last = Math.max(values[i]!, last + gap, low);
    places[i] = last;
  }
  // What was pushed beyond the end goes back, and pushes those before it.
  let next = high + gap;
  for (const i of order.toReversed()) {
    next = Math.min(places[i]!, next - gap);
    places[i] = next;
  }
  return places;
}
