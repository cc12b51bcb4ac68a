/** The best k of many scores, in O(n log k), ties by index. */

/**
 * Indices of the k highest scores among those with `seen` = 1, best first; of equal scores the lower
 * index comes first.
 */
export function topIndices(scores: Float64Array, seen: Uint8Array, k: number): number[] {
  if (k === 0) return [];
  // A binary heap with the worst kept index at its root.
  const heap: number[] = [];
  const worse = (i: number, j: number): boolean =>
    scores[i]! < scores[j]! || (scores[i] === scores[j] && i > j);
  const sink = (from: number): void => {
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child++;
      if (!worse(heap[child]!, heap[at]!)) return;
      [heap[at], heap[child]] = [heap[child]!, heap[at]!];
      at = child;
    }
  };
  for (let index = 0; index < scores.length; index++) {
    if (seen[index] !== 1) continue;
    if (heap.length < k) {
      heap.push(index);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!worse(heap[at]!, heap[parent]!)) break;
        [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
        at = parent;
      }
    } else if (worse(heap[0]!, index)) {
      heap[0] = index;
      sink(0);
    }
  }
  return heap.sort((i, j) => (worse(i, j) ? 1 : -1));
}
