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
}

/** Both orders of a pair: always asked together. */
export function bothOrders(a: number, b: number): OrderedPair[] {
  return [
    [a, b],
    [b, a],
  ];
}
