/**
 * PRP by heapsort (paper, section 3; Qin et al. 2023): O(n log n) comparisons, each of both orders.
 * Who wins a comparison is PairTable.beats: contradictory and equal pairs fall back to first-stage
 * order. Under a strict total order the result is that order; under any comparer it ends.
 */
import { scoreByPlace } from '../orders.ts';
import type { PairTable } from '../pair-table.ts';
import { bothOrders, type OrderedPair, type Schedule } from './schedule.ts';

/**
 * A heap with the best at the root; the best is taken out n − 1 times (or `top` times: who needs only
 * the first places can stop there). The ranking so far is what was
 * taken out, then the heap in its own (level) order; a passage that is sinking from the root stands
 * last, where it came from. Scores are n − place.
 */
export function heapsort(size: number, table: PairTable, top = size): Schedule {
  const heap = Array.from({ length: size }, (_, index) => index);
  const sorted: number[] = [];
  let sinking: number | undefined;

  /** Lets the item at `place` sink below children that beat it: at most two comparisons a level. */
  function* sink(place: number): Generator<OrderedPair[], void> {
    let parent = place;
    while (true) {
      let best = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child >= heap.length) continue;
        yield bothOrders(heap[child]!, heap[best]!);
        if (table.beats(heap[child]!, heap[best]!)) best = child;
      }
      if (best === parent) return;
      [heap[parent], heap[best]] = [heap[best]!, heap[parent]!];
      parent = best;
    }
  }

  function* sort(): Generator<OrderedPair[], void> {
    for (let place = Math.floor(size / 2) - 1; place >= 0; place--) yield* sink(place);
    while (heap.length > 1 && sorted.length < top) {
      const last = heap.pop()!;
      sorted.push(heap[0]!);
      heap[0] = last;
      sinking = last;
      yield* sink(0);
      sinking = undefined;
    }
  }

  const ranking = () => {
    const rest = sinking === undefined ? heap : [...heap.filter((item) => item !== sinking), sinking];
    return scoreByPlace([...sorted, ...rest]);
  };
  return { steps: sort(), ranking, view: () => ({ kind: 'heap', heap: [...heap], sorted: [...sorted] }) };
}

/**
 * An upper bound of the comparisons (pairs) that sorting n candidates needs: the deepest way down from
 * every node that sinks, two comparisons a level (one where a node has one child). Building sinks the
 * nodes ⌊n/2⌋ − 1 … 0 of a heap of n; taking out sinks the root of heaps of n − 1 … 1. A pair is never
 * asked again, so n(n − 1)/2 bounds it too.
 */
export function heapsortComparisons(size: number): number {
  if (size < 2) return 0;
  let bound = 0;
  for (let place = Math.floor(size / 2) - 1; place >= 0; place--) bound += deepestSink(place, size);
  for (let rest = size - 1; rest >= 1; rest--) bound += deepestSink(0, rest);
  return Math.min(bound, (size * (size - 1)) / 2);
}

/** Comparisons on the leftmost way down from `place`: no other is longer. */
function deepestSink(place: number, size: number): number {
  let comparisons = 0;
  for (let parent = place; 2 * parent + 1 < size; parent = 2 * parent + 1) {
    comparisons += 2 * parent + 2 < size ? 2 : 1;
  }
  return comparisons;
}
