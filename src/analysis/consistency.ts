/**
 * Whether a judge answers by the passages or by their places: position consistency, first-position rate,
 * preference fairness, and flips by how hard a pair is.
 */
import { pairVerdict } from '../ranking/analysis.ts';
import type { DecidedPairs } from './decided-pairs.ts';
import { type Share, shareOf } from './wilson.ts';

export interface Consistency {
  /**
   * Position consistency: pairs asked in both orders whose answers name the same winner, or are equal in both
   * (Shi et al. 2024, arXiv 2406.07791). 1 − this is the flip rate.
   */
  readonly consistency: Share;
  /** First-position rate: ordered calls won by passage A, equal logits one half. 0.5 is unbiased. */
  readonly first: Share;
  /**
   * Preference fairness (the same paper; its normalisation as in the authors' code): recency × its share of the
   * flips − primacy × its share, over the pairs counted; which is (recency − primacy) / pairs. 0 is fair, −1 always
   * the first, +1 always the second. NaN without a pair.
   */
  readonly fairness: number;
  /** Flips in which the passage shown first won: both times, or once beside a tie. */
  readonly primacy: number;
  /** Flips in which the passage shown second won. */
  readonly recency: number;
  /** Mean |P(i first) + P(j first) − 1|: 0 when the order of showing changes nothing. NaN without a pair. */
  readonly antisymmetryGap: number;
}

export function consistencyOf(pairs: DecidedPairs): Consistency {
  let same = 0;
  let primacy = 0;
  let recency = 0;
  let counted = 0;
  let gap = 0;
  for (const [i, j] of pairs.bothWays()) {
    counted++;
    // From the point of view of the places: how often the passage shown first won.
    const firsts = pairs.table.get(i, j)! + pairs.table.get(j, i)!;
    if (firsts === 1) same++;
    else if (firsts > 1) primacy++;
    else recency++;
    gap += Math.abs(pairs.probability(i, j) + pairs.probability(j, i) - 1);
  }
  let calls = 0;
  let wonByA = 0;
  for (const [a, b] of pairs.asked()) {
    calls++;
    wonByA += pairs.table.get(a, b)!;
  }
  return {
    consistency: shareOf(same, counted),
    first: shareOf(wonByA, calls),
    fairness: counted === 0 ? Number.NaN : (recency - primacy) / counted,
    primacy,
    recency,
    antisymmetryGap: counted === 0 ? Number.NaN : gap / counted,
  };
}

/** Pairs (i, j), i < j, whose two orders do not say the same: other winners, or a winner once and a tie once. */
export function flippedPairs(pairs: DecidedPairs): (readonly [i: number, j: number])[] {
  const flipped: (readonly [number, number])[] = [];
  for (const [i, j] of pairs.bothWays()) {
    if (pairs.table.get(i, j)! + pairs.table.get(j, i)! !== 1) flipped.push([i, j]);
  }
  return flipped;
}

/** Pairs of a stretch of difficulty, and how many of them flipped. */
export interface FlipBin {
  /** Lower and upper end of the stretch, both inside it (rank distances), or low ≤ gap < high (score gaps). */
  readonly from: number;
  readonly to: number;
  readonly flips: Share;
}

/**
 * Flips by distance of the two passages in an order (candidate indices, best first). Raw rates mislead: close pairs
 * flip in any judge. Distances are put in about `bins` stretches of equally many pairs.
 */
export function flipsByDistance(pairs: DecidedPairs, order: readonly number[], bins = 5): FlipBin[] {
  const place = placesOf(order);
  return binned(pairs, (i, j) => Math.abs(place[i]! - place[j]!), bins);
}

/** Flips by the gap between two passages' scores (`scores[i]` belongs to candidate i). */
export function flipsByGap(pairs: DecidedPairs, scores: readonly number[], bins = 5): FlipBin[] {
  return binned(pairs, (i, j) => Math.abs(scores[i]! - scores[j]!), bins);
}

function binned(pairs: DecidedPairs, hardness: (i: number, j: number) => number, bins: number): FlipBin[] {
  const values: { at: number; flip: boolean }[] = [];
  for (const [i, j] of pairs.bothWays()) {
    const at = hardness(i, j);
    if (Number.isNaN(at)) continue;
    values.push({ at, flip: pairs.table.get(i, j)! + pairs.table.get(j, i)! !== 1 });
  }
  values.sort((x, y) => x.at - y.at);
  const found: FlipBin[] = [];
  for (let bin = 0, start = 0; bin < bins && start < values.length; bin++) {
    let end = Math.max(start + 1, Math.round(((bin + 1) * values.length) / bins));
    // Equal values stay together: whether two pairs are told apart must not depend on their place in the list.
    while (end < values.length && values[end]!.at === values[end - 1]!.at) end++;
    const part = values.slice(start, end);
    found.push({
      from: part[0]!.at,
      to: part.at(-1)!.at,
      flips: shareOf(part.filter(({ flip }) => flip).length, part.length),
    });
    start = end;
  }
  return found;
}

/** Place of each candidate in an order, from 0. */
export function placesOf(order: readonly number[]): number[] {
  const place = new Array<number>(order.length).fill(Number.NaN);
  order.forEach((index, at) => {
    place[index] = at;
  });
  return place;
}

/** Ordered pairs whose logits differ by less than `limit`: a breath would change them. */
export function narrowCalls(pairs: DecidedPairs, limit = 0.1): (readonly [a: number, b: number])[] {
  return [...pairs.asked()].filter(([a, b]) => Math.abs(pairs.margin(a, b)) < limit);
}

/** Pairs [winner, loser] with a strict majority whose winner stands *below* the loser in an order: where it disagrees. */
export function disagreements(pairs: DecidedPairs, order: readonly number[]): (readonly [number, number])[] {
  const place = placesOf(order);
  const found: (readonly [number, number])[] = [];
  for (const [i, j] of pairs.bothWays()) {
    const verdict = pairVerdict(pairs.table, i, j);
    if (verdict.kind === 'strict' && place[verdict.winner]! > place[verdict.loser]!) {
      found.push([verdict.winner, verdict.loser]);
    }
  }
  return found;
}
