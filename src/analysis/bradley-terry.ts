/** Bradley–Terry with an order effect: strengths behind a set of decisions, with intervals. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { type DecidedPairs, sigmoid } from './decided-pairs.ts';

export interface BradleyTerry {
  /** Strength of each candidate in logits, mean 0. A hundred Elo points are 0.576 of it. */
  readonly strengths: readonly number[];
  /** Half the width of the 95 % interval of each strength (from the curvature at the maximum). */
  readonly reach: readonly number[];
  /** Order effect γ in logits: above 0 the passage shown first is favoured. Undefined when it was not fitted. */
  readonly orderEffect: number | undefined;
  readonly orderEffectReach: number | undefined;
  /** Candidates by strength, best first; equal strengths keep first-stage order. */
  readonly order: readonly number[];
}

/** A little of a normal prior on each strength, so that a candidate that wins every time stays finite. */
const RIDGE = 0.1;
const MOST_STEPS = 50;
const Z = 1.959963984540054;

/**
 * Fits P(a shown first beats b) = σ(θ_a − θ_b + γ) to the ordered decisions (Bradley and Terry 1952; order effect after
 * Davidson and Beaver 1977; an equal decision is half a win for each). Newton's method on the log-likelihood less
 * 0.05 θ² for each strength: without that little prior the maximum is infinite wherever somebody wins every time. On a
 * complete table the order is that of the wins, for they are all that the likelihood sees of a candidate; it
 * differs, and earns its place, on partial tables.
 */
export function bradleyTerry(pairs: DecidedPairs, withOrderEffect = true): BradleyTerry {
  const { size: n } = pairs;
  const asked = [...pairs.asked()];
  const free = n + (withOrderEffect ? 1 : 0);
  const theta = new Float64Array(n + 1);
  let inverse: Matrix | undefined;
  for (let step = 0; step < MOST_STEPS && n > 0; step++) {
    const gradient = Matrix.zeros(free, 1);
    const curvature = Matrix.zeros(free, free);
    const add = (row: number, column: number, value: number) =>
      curvature.set(row, column, curvature.get(row, column) + value);
    for (let i = 0; i < n; i++) {
      gradient.set(i, 0, -RIDGE * theta[i]!);
      add(i, i, RIDGE);
    }
    if (withOrderEffect) {
      gradient.set(n, 0, -RIDGE * theta[n]!);
      add(n, n, RIDGE);
    }
    for (const [a, b] of asked) {
      const p = sigmoid(theta[a]! - theta[b]! + theta[n]!);
      const pull = pairs.table.get(a, b)! - p;
      const weight = p * (1 - p);
      gradient.set(a, 0, gradient.get(a, 0) + pull);
      gradient.set(b, 0, gradient.get(b, 0) - pull);
      add(a, a, weight);
      add(b, b, weight);
      add(a, b, -weight);
      add(b, a, -weight);
      if (!withOrderEffect) continue;
      gradient.set(n, 0, gradient.get(n, 0) + pull);
      add(n, n, weight);
      add(a, n, weight);
      add(n, a, weight);
      add(b, n, -weight);
      add(n, b, -weight);
    }
    const cholesky = new CholeskyDecomposition(curvature);
    const change = cholesky.solve(gradient);
    // Newton's step may overshoot while the strengths are far apart: no further than 2 logits at once.
    const longest = change.max() > -change.min() ? change.max() : -change.min();
    const scale = longest > 2 ? 2 / longest : 1;
    for (let i = 0; i < free; i++) theta[i] = theta[i]! + scale * change.get(i, 0);
    if (longest > 1e-9) continue;
    inverse = cholesky.solve(Matrix.eye(free));
    break;
  }
  const mean = theta.subarray(0, n).reduce((sum, value) => sum + value, 0) / Math.max(1, n);
  // Sums of the same numbers in another order differ in the last bits: equal strengths must stay equal.
  const strengths = Array.from(theta.subarray(0, n), (value) => Math.round((value - mean) * 1e9) / 1e9);
  const reachOf = (i: number) => (inverse ? Z * Math.sqrt(inverse.get(i, i)) : Number.NaN);
  return {
    strengths,
    reach: strengths.map((_, i) => reachOf(i)),
    orderEffect: withOrderEffect ? theta[n]! : undefined,
    orderEffectReach: withOrderEffect ? reachOf(n) : undefined,
    order: strengths.map((_, i) => i).sort((a, b) => strengths[b]! - strengths[a]! || a - b),
  };
}
