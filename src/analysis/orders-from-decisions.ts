/** Ask once, then change your mind: the orders that one set of decisions gives under different rules. No model is asked. */
import { seededRandom } from '../random.ts';
import { type Ranking, rankByScore } from '../ranking/orders.ts';
import { PairTable } from '../ranking/pair-table.ts';
import { rankByPairs } from '../ranking/schedules/all-pairs.ts';
import type { DecidedPairs } from './decided-pairs.ts';
import { strictWins } from './tournament.ts';

/** Copeland's rule, hard wins: one point for a strict majority over another, half for a contradiction or a tie. */
export function copeland(pairs: DecidedPairs): Ranking {
  const { size: n } = pairs;
  const wins = strictWins(pairs);
  return rankByScore(
    Array.from({ length: n }, (_, i) => {
      let points = 0;
      for (let j = 0; j < n; j++) {
        if (i !== j) points += (1 + wins[i * n + j]! - wins[j * n + i]!) / 2;
      }
      return points;
    }),
  );
}

/** The paper's Eq. 5 on the decisions there are. */
export const expectedWins = (pairs: DecidedPairs): Ranking => rankByPairs(pairs.table);

/** Soft Borda: Σ P(i beats j), mean over the orders asked; a pair that was not asked counts one half. */
export function softBorda(pairs: DecidedPairs): Ranking {
  const { size: n } = pairs;
  return rankByScore(
    Array.from({ length: n }, (_, i) => {
      let points = 0;
      for (let j = 0; j < n; j++) {
        if (i === j) continue;
        const said = [pairs.probability(i, j), 1 - pairs.probability(j, i)].filter((p) => !Number.isNaN(p));
        points += said.length === 0 ? 0.5 : said.reduce((sum, p) => sum + p, 0) / said.length;
      }
      return points;
    }),
  );
}

/** One call a pair instead of two: the passage that stands first in the first stage is shown first (and so favoured or not). */
export const singleDirection = (pairs: DecidedPairs): Ranking => rankByPairs(singleHalf(pairs));

/** The calls that single direction asks, as far as they are there. */
export const singleHalf = (pairs: DecidedPairs): PairTable => halfOf(pairs, (i, j) => [i, j]);

/** One call a pair, which passage is shown first drawn by a seeded coin: the position bias becomes noise. */
export const randomDirection = (pairs: DecidedPairs, seed = 1): Ranking =>
  rankByPairs(randomHalf(pairs, seed));

/** The calls that random direction asks, as far as they are there. */
export function randomHalf(pairs: DecidedPairs, seed = 1): PairTable {
  const random = seededRandom(seed);
  return halfOf(pairs, (i, j) => (random() < 0.5 ? [i, j] : [j, i]));
}

function halfOf(
  pairs: DecidedPairs,
  choose: (i: number, j: number) => readonly [a: number, b: number],
): PairTable {
  const table = new PairTable(pairs.size);
  for (let i = 0; i < pairs.size; i++) {
    for (let j = i + 1; j < pairs.size; j++) {
      const [a, b] = choose(i, j);
      const said = pairs.table.get(a, b);
      if (said !== undefined) table.set(a, b, said);
    }
  }
  return table;
}
