/** The decisions as a tournament: circular triads, consistence, Condorcet winner, Smith set, tiers. */
import { type Cycle, findCycles, pairVerdict } from '../ranking/analysis.ts';
import type { DecidedPairs } from './decided-pairs.ts';

/** Circular triads: threes that beat each other in a ring. */
export interface Triads {
  /** Rings among the threes whose three pairs all have a strict majority. */
  readonly circular: number;
  /** Those threes: with contradictory, equal or open pairs there are fewer than C(n, 3). */
  readonly counted: number;
  /** What a judge that tosses coins would make: a quarter of the threes counted. */
  readonly byChance: number;
  /**
   * Coefficient of consistence ζ (Kendall and Babington Smith 1940): 1 − d / d_max with d_max = (n³ − n)/24 for odd n
   * and (n³ − 4n)/24 for even n. Only of a complete tournament without ties; undefined otherwise.
   */
  readonly consistence: number | undefined;
  /** One ring to look at: the one whose weakest margin is strongest, so that it is the hardest to explain away. */
  readonly example: Cycle | undefined;
}

export function triadsOf(pairs: DecidedPairs): Triads {
  const { size: n } = pairs;
  const strict = strictWins(pairs);
  const decided = (i: number, j: number) => strict[i * n + j]! + strict[j * n + i]!;
  let counted = 0;
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      if (decided(a, b) === 0) continue;
      for (let c = b + 1; c < n; c++) counted += decided(a, c) * decided(b, c);
    }
  }
  const cycles = findCycles(pairs.table);
  const all = (n * (n - 1) * (n - 2)) / 6;
  const most = n % 2 === 1 ? (n ** 3 - n) / 24 : (n ** 3 - 4 * n) / 24;
  return {
    circular: cycles.length,
    counted,
    byChance: counted / 4,
    consistence: n > 2 && counted === all ? 1 - cycles.length / most : undefined,
    example: strongest(pairs, cycles),
  };
}

/** How clearly i beats j, both orders together: positive when it does. */
const clearness = (pairs: DecidedPairs, i: number, j: number) => pairs.margin(i, j) - pairs.margin(j, i);

function strongest(pairs: DecidedPairs, cycles: readonly Cycle[]): Cycle | undefined {
  let best: Cycle | undefined;
  let bestWeakest = Number.NEGATIVE_INFINITY;
  for (const cycle of cycles) {
    const [a, b, c] = cycle;
    const weakest = Math.min(clearness(pairs, a, b), clearness(pairs, b, c), clearness(pairs, c, a));
    if (weakest > bestWeakest) {
      best = cycle;
      bestWeakest = weakest;
    }
  }
  return best;
}

/** [n × n], row-major: 1 where the row has a strict majority over the column. */
export function strictWins(pairs: DecidedPairs): Uint8Array {
  const { size: n, table } = pairs;
  const wins = new Uint8Array(n * n);
  for (const [i, j] of pairs.bothWays()) {
    const verdict = pairVerdict(table, i, j);
    if (verdict.kind === 'strict') wins[verdict.winner * n + verdict.loser] = 1;
  }
  return wins;
}

/** The candidate with a strict majority over every other; undefined when there is none. */
export function condorcetWinner(pairs: DecidedPairs): number | undefined {
  const { size: n } = pairs;
  const wins = strictWins(pairs);
  for (let i = 0; i < n; i++) {
    let beaten = 0;
    for (let j = 0; j < n; j++) beaten += wins[i * n + j]!;
    if (beaten === n - 1) return i;
  }
  return undefined;
}

/**
 * Tiers, best first: candidates that cannot be told apart because they beat each other in rings or tie; every member
 * of a tier has a strict majority over all members of the tiers below. They are the strongly connected components of
 * “is not strictly beaten by”, in order. The first is the Smith set. Members in first-stage order.
 */
export function tiersOf(pairs: DecidedPairs): number[][] {
  const { size: n } = pairs;
  const wins = strictWins(pairs);
  // “Not beaten by” leaves no two candidates unrelated, so its components stand in one line: by Copeland score,
  // a tier ends where everything above beats everything below.
  const score = Array.from({ length: n }, (_, i) => {
    let own = 0;
    for (let j = 0; j < n; j++) own += wins[i * n + j]! - wins[j * n + i]!;
    return own;
  });
  const order = score.map((_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b);
  const tiers: number[][] = [];
  let start = 0;
  for (let end = 1; end <= n; end++) {
    if (
      end < n &&
      !order.slice(start, end).every((i) => order.slice(end).every((j) => wins[i * n + j] === 1))
    ) {
      continue;
    }
    tiers.push(order.slice(start, end).sort((a, b) => a - b));
    start = end;
  }
  return tiers;
}

/** The Smith set: the smallest set whose members all have a strict majority over all others. */
export const smithSet = (pairs: DecidedPairs): number[] => tiersOf(pairs)[0] ?? [];
