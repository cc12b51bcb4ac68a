/** A pairwise teacher's decisions as probabilities: how sure it is, not only whom it names. */

/** One question: `a` shown as passage A, `b` as B; indices of a list. */
export interface AskedPair {
  readonly a: number;
  readonly b: number;
  /** Logit A − logit B. */
  readonly margin: number;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * The probability that i is better than j, for every pair of a list: σ of the margin, mean over the orders
 * that were asked. A liking for the passage shown first cancels, as it does in the scores of PRP (Sun et al.
 * 2023, Eq. 5), and a pair that contradicts itself comes out near ½ instead of as a tie of two full votes.
 * @returns [n × n], row-major; P_ji = 1 − P_ij; NaN where a pair was not asked, and on the diagonal
 */
export function pairProbabilities(n: number, asked: Iterable<AskedPair>): Float64Array {
  const sums = new Float64Array(n * n);
  const counts = new Uint8Array(n * n);
  const note = (i: number, j: number, probability: number) => {
    sums[i * n + j] = sums[i * n + j]! + probability;
    counts[i * n + j] = counts[i * n + j]! + 1;
  };
  for (const { a, b, margin } of asked) {
    note(a, b, sigmoid(margin));
    note(b, a, sigmoid(-margin));
  }
  return sums.map((sum, k) => (counts[k]! > 0 ? sum / counts[k]! : Number.NaN));
}
