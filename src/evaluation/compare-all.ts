/** Every row of a table against every other, on the queries that both have: differences, wins, and what is more than chance. */
import { holm } from './holm.ts';
import { randomisationP } from './significance.ts';

/** Values of one measure: a list a row, one value a query, NaN where that row has none. All lists are as long. */
export type ValuesByRow = readonly Float64Array[];

/** Row a against row b, a before b. */
export interface PairComparison {
  readonly a: number;
  readonly b: number;
  /** Queries that both rows have. */
  readonly queries: number;
  /** Mean of a − b. */
  readonly mean: number;
  /** Queries on which a is above, equal, below. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** Two-sided, of the paired randomisation test; NaN for fewer than two queries. */
  readonly p: number;
  /** The same, Holm-corrected over all pairs of rows. */
  readonly corrected: number;
}

/** Values that differ by no more are equal: sums in another order round differently. */
const EQUAL = 1e-9;

/**
 * All pairs of rows. Deterministic: the test's sampling is seeded. Time grows with the square of the rows and, above 14
 * queries, with 10,000 times the queries: call it beside the page's thread.
 */
export function compareAll(rows: ValuesByRow): PairComparison[] {
  const pairs: Omit<PairComparison, 'corrected'>[] = [];
  for (let a = 0; a < rows.length; a++) {
    for (let b = a + 1; b < rows.length; b++) pairs.push({ a, b, ...paired(rows[a]!, rows[b]!) });
  }
  const tested = pairs.filter(({ p }) => !Number.isNaN(p));
  const corrected = holm(tested.map(({ p }) => p));
  const byPair = new Map(tested.map((pair, i) => [pair, corrected[i]!]));
  return pairs.map((pair) => ({ ...pair, corrected: byPair.get(pair) ?? Number.NaN }));
}

function paired(a: Float64Array, b: Float64Array): Omit<PairComparison, 'a' | 'b' | 'corrected'> {
  const differences: number[] = [];
  let [wins, ties, losses, sum] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    if (Number.isNaN(difference)) continue;
    differences.push(difference);
    sum += difference;
    if (difference > EQUAL) wins++;
    else if (difference < -EQUAL) losses++;
    else ties++;
  }
  const queries = differences.length;
  const p = queries < 2 ? Number.NaN : randomisationP(differences);
  return { queries, mean: queries === 0 ? Number.NaN : sum / queries, wins, ties, losses, p };
}
