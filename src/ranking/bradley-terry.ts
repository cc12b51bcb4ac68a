/** Bradley–Terry with an order effect: strengths behind a set of decisions, with intervals. */
import { Cholesky } from './cholesky.ts';
import type { PairTable } from './pair-table.ts';

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
export function bradleyTerry(table: PairTable, withOrderEffect = true): BradleyTerry {
  const { size: n } = table;
  const asked = [...table.asked()];
  const first = Uint16Array.from(asked, ([a]) => a);
  const second = Uint16Array.from(asked, ([, b]) => b);
  const said = Float64Array.from(asked, ([a, b]) => table.get(a, b)!);
  const free = n + (withOrderEffect ? 1 : 0);
  const theta = new Float64Array(n + 1);
  const slope = new Float64Array(free);
  // Its lower triangle, row-major; the last row is the order effect's.
  const bend = new Float64Array(free * free);
  const ofOrder = n * free;
  let variances: Float64Array | undefined;
  for (let step = 0; step < MOST_STEPS && n > 0; step++) {
    bend.fill(0);
    for (let i = 0; i < free; i++) {
      slope[i] = -RIDGE * theta[i]!;
      bend[i * free + i] = RIDGE;
    }
    for (let at = 0; at < said.length; at++) {
      const a = first[at]!;
      const b = second[at]!;
      const p = sigmoid(theta[a]! - theta[b]! + theta[n]!);
      const pull = said[at]! - p;
      const weight = p * (1 - p);
      slope[a]! += pull;
      slope[b]! -= pull;
      bend[a * free + a]! += weight;
      bend[b * free + b]! += weight;
      bend[a > b ? a * free + b : b * free + a]! -= weight;
      if (!withOrderEffect) continue;
      slope[n]! += pull;
      bend[ofOrder + n]! += weight;
      bend[ofOrder + a]! += weight;
      bend[ofOrder + b]! -= weight;
    }
    const cholesky = new Cholesky(bend, free);
    const change = cholesky.solve(slope);
    // Newton's step may overshoot while the strengths are far apart: no further than 2 logits at once.
    const longest = change.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = longest > 2 ? 2 / longest : 1;
    for (let i = 0; i < free; i++) theta[i]! += scale * change[i]!;
    if (longest > 1e-9) continue;
    variances = cholesky.inverseDiagonal();
    break;
  }
  const mean = theta.subarray(0, n).reduce((sum, value) => sum + value, 0) / Math.max(1, n);
  // Sums of the same numbers in another order differ in the last bits: equal strengths must stay equal.
  const strengths = Array.from(theta.subarray(0, n), (value) => Math.round((value - mean) * 1e9) / 1e9);
  const reachOf = (i: number) => (variances ? Z * Math.sqrt(variances[i]!) : Number.NaN);
  return {
    strengths,
    reach: strengths.map((_, i) => reachOf(i)),
    orderEffect: withOrderEffect ? theta[n]! : undefined,
    orderEffectReach: withOrderEffect ? reachOf(n) : undefined,
    order: strengths.map((_, i) => i).sort((a, b) => strengths[b]! - strengths[a]! || a - b),
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
