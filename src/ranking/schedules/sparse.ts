/**
 * Sparse comparisons: a connected random graph of pairs for a given number of calls, put in order by Bradley–Terry. Labels
 * for pointwise students are made like this where more and deeper candidates are worth more than every pair of a few
 * (zELO, Pipitone et al. 2025, asks 0.4 % of the pairs).
 */
import { seededRandom } from '../../random.ts';
import { bradleyTerry } from '../bradley-terry.ts';
import { type Ranking, rankByScore } from '../orders.ts';
import type { PairTable } from '../pair-table.ts';
import type { OrderedPair, Schedule } from './schedule.ts';

/**
 * One step with all pairs. Scores are strengths in logits, mean 0: a passage that is e times as strong as another one is one
 * above it. Before the first answer all are 0 and the order is the first stage's.
 * @param seed of the graph; other queries should have other ones, or places would always meet the same places
 */
export function sparse(size: number, table: PairTable, calls: number, seed: number): Schedule {
  const steps = [sparsePairs(size, calls, seed)].filter((pairs) => pairs.length > 0);
  return { steps: steps.values(), ranking: () => rankByStrength(table) };
}

/** Calls that a graph of n candidates has: at least n, for no less is connected and fair, at most both orders of all pairs. */
export function sparseCalls(size: number, calls: number): number {
  return size < 2 ? 0 : Math.min(Math.max(calls, size), size * (size - 1));
}

/**
 * The candidates stand in a circle in random order, and rounds compare everyone with the one so many places on: one place in
 * the first round, which connects all, then other distances in random order. In a round everyone stands once as passage A
 * and once as B, so that a judge's leaning to a place cancels out; a last round that the calls do not suffice for is cut.
 * Once every pair was asked, the rounds come again with the order of the two turned round.
 */
export function sparsePairs(size: number, calls: number, seed: number): OrderedPair[] {
  const random = seededRandom(seed);
  const circle = shuffled(
    Array.from({ length: size }, (_, i) => i),
    random,
  );
  const further = Array.from({ length: Math.max(0, Math.floor(size / 2) - 1) }, (_, i) => i + 2);
  const distances = [1, ...shuffled(further, random)];
  const wanted = sparseCalls(size, calls);
  const there: OrderedPair[] = [];
  for (const distance of distances) {
    // At half the circle everyone meets the one opposite twice: the second half of the round is the other order.
    const meetings = distance * 2 === size ? distance : size;
    for (let i = 0; i < meetings; i++) there.push([circle[i]!, circle[(i + distance) % size]!]);
  }
  const back = there.map(([a, b]): OrderedPair => [b, a]);
  return [...there, ...back].slice(0, wanted);
}

/** Bradley–Terry with the judge's leaning to a place taken out; equal strengths in first-stage order. */
function rankByStrength(table: PairTable): Ranking {
  // JSON has no −0, and a recording comes back as it was.
  return rankByScore(bradleyTerry(table).strengths.map((strength) => strength + 0));
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
