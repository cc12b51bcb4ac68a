/** Is one ranking method better than another? Paired over the same queries. */
import { RankscopeError } from '../errors.ts';
import { seededRandom } from '../random.ts';
import { quantileOfSorted } from './quantile.ts';

export interface PairedDifference {
  /** Queries compared. */
  readonly n: number;
  /** Mean of a − b. */
  readonly mean: number;
  /** 95 % interval of that mean. */
  readonly low: number;
  readonly high: number;
  /** Two-sided p-value of the randomisation test: chance of a mean this far from 0 if a and b were alike. */
  readonly p: number;
}

export interface PairedOptions {
  /** Of the resampling; the same seed gives the same numbers everywhere. Default 1. */
  readonly seed?: number;
  /** Resamples of the bootstrap, and of the test where not every sign pattern is tried. Default 10,000. */
  readonly samples?: number;
}

/** Up to this many queries all 2^n sign patterns are tried, and p is exact. */
const EXACT_LIMIT = 14;

/**
 * Compares two methods on the same queries: a[i] and b[i] are a measure's values for query i.
 * Interval: percentile bootstrap of the mean difference (Efron 1979; Sakai 2006 for retrieval).
 * p: Fisher's randomisation test by flipping signs (Smucker, Allan and Carterette 2007), exact for up
 * to 14 queries, else sampled with (hits + 1) / (samples + 1).
 * Throws 'bad-input' for lists of different length, fewer than two queries, or values that are not numbers.
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  options: PairedOptions = {},
): PairedDifference {
  const { seed = 1, samples = 10_000 } = options;
  const n = a.length;
  if (n !== b.length) {
    throw new RankscopeError(
      'bad-input',
      `A paired comparison needs the same queries: got ${n} and ${b.length} values.`,
    );
  }
  if (n < 2) throw new RankscopeError('bad-input', 'A paired comparison needs at least two queries.');
  const differences = a.map((value, i) => value - b[i]!);
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  if (!Number.isFinite(mean)) {
    throw new RankscopeError('bad-input', 'A paired comparison needs finite values for every query.');
  }
  const [low, high] = bootstrap(differences, samples, seededRandom(seed));
  return { n, mean, low, high, p: randomisationP(differences, options) };
}

/**
 * The two-sided p of Fisher's randomisation test alone, as `pairedDifference` gives it.
 * @param differences one a query: a's value minus b's
 */
export function randomisationP(differences: readonly number[], options: PairedOptions = {}): number {
  const { seed = 1, samples = 10_000 } = options;
  return differences.length <= EXACT_LIMIT
    ? exactP(differences)
    : sampledP(differences, samples, seededRandom(seed + 1));
}

function bootstrap(differences: readonly number[], samples: number, random: () => number): [number, number] {
  const means = new Float64Array(samples);
  const picks = new Uint32Array(differences.length);
  for (let s = 0; s < samples; s++) means[s] = resample(differences, random, picks);
  return percentileInterval(means);
}

/**
 * The mean of one resample: as many queries as there are differences, drawn with replacement.
 * @param picks [n], filled with the queries that were drawn
 */
export function resample(differences: readonly number[], random: () => number, picks: Uint32Array): number {
  const n = differences.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const pick = Math.floor(random() * n);
    picks[i] = pick;
    sum += differences[pick]!;
  }
  return sum / n;
}

/** From the 2.5th to the 97.5th percentile of resampled means, at least one of them; sorts them in place. */
export function percentileInterval(means: Float64Array): [low: number, high: number] {
  means.sort();
  return [quantileOfSorted(means, 0.025), quantileOfSorted(means, 0.975)];
}

/** Sums that differ only by rounding count as equal. */
function threshold(differences: readonly number[]): number {
  const sum = differences.reduce((total, d) => total + d, 0);
  const size = differences.reduce((total, d) => total + Math.abs(d), 0);
  return Math.abs(sum) - size * 1e-12;
}

function exactP(differences: readonly number[]): number {
  const limit = threshold(differences);
  const patterns = 2 ** differences.length;
  let hits = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    for (let i = 0; i < differences.length; i++) {
      sum += (pattern >> i) & 1 ? differences[i]! : -differences[i]!;
    }
    if (Math.abs(sum) >= limit) hits++;
  }
  return hits / patterns;
}

function sampledP(differences: readonly number[], samples: number, random: () => number): number {
  const limit = threshold(differences);
  let hits = 0;
  const values = Float64Array.from(differences);
  for (let s = 0; s < samples; s++) {
    let sum = 0;
    // Signs are the 32 bits of a random number, without branches: a table of many rows has many of these tests.
    for (let start = 0; start < values.length; start += 32) {
      const end = Math.min(start + 32, values.length);
      let bits = (random() * 2 ** 32) >>> 0;
      for (let i = start; i < end; i++) {
        sum += values[i]! * ((bits & 1) * 2 - 1);
        bits >>>= 1;
      }
    }
    if (Math.abs(sum) >= limit) hits++;
  }
  return (hits + 1) / (samples + 1);
}
