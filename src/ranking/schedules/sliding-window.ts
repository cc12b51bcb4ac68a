/**
 * PRP by sliding window (paper, section 3; Qin et al. 2023): k passes of bubble sort from the bottom of
 * the list to the top, comparing neighbours in both orders. Pass p (from 0) ends at place p: the places
 * above hold the winners of earlier passes. Who wins is PairTable.beats: contradictory and equal pairs
 * fall back to first-stage order, which here is the same as "no swap": only a won comparison ever puts a
 * later passage above an earlier one. Under a strict total order k passes put its top k on top, n − 1
 * passes sort all.
 */
import { scoreByPlace } from '../orders.ts';
import type { PairTable } from '../pair-table.ts';
import { bothOrders, type OrderedPair, type Schedule } from './schedule.ts';

/**
 * Passes run behind one another on the same list: a pass may compare places j − 1 and j as soon as the
 * pass before it has left place j − 1. The comparisons are exactly those of one pass after the other,
 * but up to k of them go to the scorer at once. Scores are n − place.
 */
export function slidingWindow(size: number, table: PairTable, passes: number): Schedule {
  const list = Array.from({ length: size }, (_, index) => index);
  const count = effectivePasses(size, passes);
  // The lower place of each pass's next comparison; a pass is over when it reaches its own number.
  const next = new Array<number>(count).fill(size - 1);

  function* run(): Generator<OrderedPair[], void> {
    while (true) {
      const ready: number[] = [];
      for (let pass = 0; pass < count; pass++) {
        const free = pass === 0 || next[pass - 1]! <= next[pass]! - 2;
        if (next[pass]! > pass && free) ready.push(pass);
      }
      if (ready.length === 0) return;
      yield ready.flatMap((pass) => bothOrders(list[next[pass]!]!, list[next[pass]! - 1]!));
      for (const pass of ready) {
        const place = next[pass]!;
        const [upper, lower] = [list[place - 1]!, list[place]!];
        if (table.beats(lower, upper)) [list[place - 1], list[place]] = [lower, upper];
        next[pass] = place - 1;
      }
    }
  }

  return {
    steps: run(),
    ranking: () => scoreByPlace(list),
    view: () => ({ kind: 'window', list: [...list], passes: [...next] }),
  };
}

/** More than n − 1 passes change nothing. */
function effectivePasses(size: number, passes: number): number {
  return Math.max(0, Math.min(passes, size - 1));
}

/**
 * An upper bound of the comparisons (pairs): Σ_{p<k} (n − 1 − p) = k(n − 1) − k(k − 1)/2 with
 * k ≤ n − 1. Fewer are asked when neighbours meet again in a later pass.
 */
export function slidingWindowComparisons(size: number, passes: number): number {
  const count = effectivePasses(size, passes);
  return count * (size - 1) - (count * (count - 1)) / 2;
}
