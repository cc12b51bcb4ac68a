/** PRP over all pairs (paper, section 3; Eq. 5): n(n − 1) calls, both orders of every pair. */
import { type Ranking, rankByScore } from '../orders.ts';
import type { PairTable } from '../pair-table.ts';
import { bothOrders, type OrderedPair, type Schedule } from './schedule.ts';

/** One step with all pairs, so that the scorer can batch as it likes. */
export function allPairs(size: number, table: PairTable): Schedule {
  const steps = [allPairsOrder(size)].filter((pairs) => pairs.length > 0);
  return { steps: steps.values(), ranking: () => rankByPairs(table) };
}

/**
 * All ordered pairs in rounds: round d compares every i with (i + d) mod n, in both orders. Each round
 * brings every candidate the same number of decisions, so that a ranking in mid-run is fair to all,
 * and it starts with neighbours in first-stage order, where the order is least certain.
 */
export function allPairsOrder(size: number): OrderedPair[] {
  const pairs: OrderedPair[] = [];
  for (let distance = 1; distance <= size / 2; distance++) {
    // At half the circle, i and i + d meet twice: stop after the first half.
    const count = distance * 2 === size ? distance : size;
    for (let i = 0; i < count; i++) pairs.push(...bothOrders(i, (i + distance) % size));
  }
  return pairs;
}

/**
 * Eq. 5: s_i = Σ_j c_ij + (1 − c_ji), from 0 to 2(n − 1); ties by first-stage order. A decision not yet
 * made counts as its expected value without knowledge, 0.5: scores of a partial table are on the final
 * scale and comparable between candidates that were asked about more and less often.
 */
export function rankByPairs(table: PairTable): Ranking {
  const { size } = table;
  const scores = new Array<number>(size).fill(0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (i !== j) scores[i]! += (table.get(i, j) ?? 0.5) + (1 - (table.get(j, i) ?? 0.5));
    }
  }
  return rankByScore(scores);
}
