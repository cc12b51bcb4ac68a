/** Where names stand beside the ends of lines: as near as they can, but never on one another. */

/**
 * Moves places apart until each is at least `gap` from the next, all of them inside 0…`room` as far as there is room.
 * @param places in pixels, in any order
 * @returns the new places, in the order given
 */
export function labelPlaces(places: readonly number[], gap: number, room: number): number[] {
  const order = places.map((_, i) => i).sort((i, j) => places[i]! - places[j]! || i - j);
  const moved = [...places];
  let least = 0;
  for (const i of order) {
    moved[i] = Math.max(places[i]!, least);
    least = moved[i]! + gap;
  }
  // What was pushed out below comes back up, and pushes those before it.
  let most = Math.max(room, (order.length - 1) * gap);
  for (const i of order.toReversed()) {
    moved[i] = Math.min(moved[i]!, most);
    most = moved[i]! - gap;
  }
  return moved;
}
