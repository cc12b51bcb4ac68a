/** Whether probabilities mean what they say: reliability diagram, expected calibration error, Brier score. */
import type { DecidedPairs } from './decided-pairs.ts';

export interface Forecast {
  /** Probability given, 0…1. */
  readonly p: number;
  /** What came: 1 or 0. */
  readonly came: 0 | 1;
}

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability given, and share that came true; NaN in an empty bin. */
  readonly said: number;
  readonly came: number;
}

export interface Calibration {
  readonly count: number;
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error over equal-width bins: Σ count/n · |said − came|. NaN without a forecast. */
  readonly ece: number;
  /** Brier score: mean squared distance of the probability from what came; 0.25 for a coin. NaN without a forecast. */
  readonly brier: number;
}

/** Calibration of forecasts over `bins` equal-width bins (10, as in Guo et al. 2017 and the ranking literature). */
export function calibrationOf(forecasts: readonly Forecast[], bins = 10): Calibration {
  const count = new Array<number>(bins).fill(0);
  const said = new Array<number>(bins).fill(0);
  const came = new Array<number>(bins).fill(0);
  let squares = 0;
  for (const forecast of forecasts) {
    const bin = Math.min(bins - 1, Math.floor(forecast.p * bins));
    count[bin]!++;
    said[bin]! += forecast.p;
    came[bin]! += forecast.came;
    squares += (forecast.p - forecast.came) ** 2;
  }
  const n = forecasts.length;
  let ece = 0;
  for (let bin = 0; bin < bins; bin++) ece += Math.abs(said[bin]! - came[bin]!) / n;
  return {
    count: n,
    bins: count.map((size, bin) => ({
      from: bin / bins,
      to: (bin + 1) / bins,
      count: size,
      said: said[bin]! / size,
      came: came[bin]! / size,
    })),
    ece: n === 0 ? Number.NaN : ece,
    brier: n === 0 ? Number.NaN : squares / n,
  };
}

export interface PairForecasts {
  /** Every ordered call with different grades: P(A) against “A has the higher grade”. */
  readonly calls: readonly Forecast[];
  /** Pairs of which both orders were asked: σ of the mean margin, i (the smaller index) against j. */
  readonly averaged: readonly Forecast[];
  /** Ordered calls left out because a grade is missing or both are equal. */
  readonly leftOut: number;
}

/** A judge's P(A) against grades (`grades[i]` of candidate i, undefined where nobody judged it). */
export function pairForecasts(pairs: DecidedPairs, grades: readonly (number | undefined)[]): PairForecasts {
  const tells = (i: number, j: number) =>
    grades[i] !== undefined && grades[j] !== undefined && grades[i] !== grades[j];
  const better = (i: number, j: number): 0 | 1 => (grades[i]! > grades[j]! ? 1 : 0);
  const calls: Forecast[] = [];
  let leftOut = 0;
  for (const [a, b] of pairs.asked()) {
    if (tells(a, b)) calls.push({ p: pairs.probability(a, b), came: better(a, b) });
    else leftOut++;
  }
  const averaged: Forecast[] = [];
  for (const [i, j] of pairs.bothWays()) {
    if (!tells(i, j)) continue;
    const margin = (pairs.margin(i, j) - pairs.margin(j, i)) / 2;
    averaged.push({ p: 1 / (1 + Math.exp(-margin)), came: better(i, j) });
  }
  return { calls, averaged, leftOut };
}
