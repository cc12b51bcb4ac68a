/**
 * A schedule decides which ordered pairs to ask and reads the ranking from the answers. It is plain
 * synchronous code: its caller (pairwise.ts) asks the model.
 */
import type { Ranking } from '../orders.ts';

/** Candidates shown as passage A and passage B. */
export type OrderedPair = readonly [a: number, b: number];

export interface Schedule {
  /** Each step is a list of pairs whose decisions must be in the table before the next step is taken. */
  readonly steps: Iterator<readonly OrderedPair[], void>;
  /** Best ranking known so far, at any moment; a permutation of all candidates. */
  ranking(): Ranking;
  /** What it has in hand at this moment, to be drawn; absent where there is nothing but the table. */
  view?(): ScheduleView;
}

export type ScheduleView =
  /** Heap in level order (children of place p at 2p + 1 and 2p + 2), and what was taken out, best first. */
  | { readonly kind: 'heap'; readonly heap: readonly number[]; readonly sorted: readonly number[] }
  /** The list, best first, and for each pass the lower place of its next comparison (its own number when it is over). */
  | { readonly kind: 'window'; readonly list: readonly number[]; readonly passes: readonly number[] };

/** Both orders of a pair: always asked together. */
export function bothOrders(a: number, b: number): OrderedPair[] {
  return [
    [a, b],
    [b, a],
  ];
}
