/**
 * Measures of one ranking against one query's judgments, with trec_eval's definitions.
 *
 * A ranking is a list of passage ids, best first. Grades: passage id → grade. A passage without a
 * grade, or with a negative one (trec_eval's "in the pool, but not judged"), gains nothing; use
 * `judgedShare` to say how many there are. All values lie in 0…1.
 */
import type { Grades } from '../types.ts';

/**
 * linear: a passage of grade g gains g (Järvelin and Kekäläinen 2002; trec_eval, the paper's tables).
 * exponential: 2^g − 1 (Burges et al. 2005; ranx calls it `ndcg_burges`).
 */
export type Gain = 'linear' | 'exponential';

/** The gain in words: shown with every nDCG. */
export const GAIN_LABELS: Readonly<Record<Gain, string>> = {
  linear: 'gain = grade',
  exponential: 'gain = 2^grade − 1',
};

export interface MetricOptions {
  /** Positions that count; absent: all. */
  readonly k?: number;
  /** Lowest grade that counts as relevant in the binary measures; 1 as in trec_eval. nDCG does not use it. */
  readonly level?: number;
  readonly gain?: Gain;
}

type Order = readonly string[];

/** What a grade is worth; without one, or with a negative one, nothing. */
export function gainOf(grade: number | undefined, gain: Gain): number {
  if (grade === undefined || grade <= 0) return 0;
  return gain === 'linear' ? grade : 2 ** grade - 1;
}

function sumDiscounted(gains: Iterable<number>, k: number): number {
  let sum = 0;
  let rank = 0;
  for (const gain of gains) {
    if (++rank > k) break;
    sum += gain / Math.log2(rank + 1);
  }
  return sum;
}

/** Whether each of the first k is relevant. */
function relevance(order: Order, grades: Grades, { k = order.length, level = 1 }: MetricOptions): boolean[] {
  return order.slice(0, k).map((id) => (grades.get(id) ?? -1) >= level);
}

/** Number of judged passages at or above the relevance level, retrieved or not. */
export function countRelevant(grades: Grades, level = 1): number {
  let count = 0;
  for (const grade of grades.values()) if (grade >= level) count++;
  return count;
}

function countTrue(values: readonly boolean[]): number {
  let count = 0;
  for (const value of values) if (value) count++;
  return count;
}

/**
 * nDCG@k: Σ gain(r) / log2(r + 1) over the first k ranks r = 1…k, divided by the same sum for the ideal
 * ranking of *all* judgments, including passages that are not in this ranking. 0 when no grade is
 * above 0, as in trec_eval; `ndcgAt` in summary.ts tells that case apart for the screen.
 */
export function ndcg(order: Order, grades: Grades, options: MetricOptions = {}): number {
  const best = idealDcg(grades, options);
  return best === 0 ? 0 : dcg(order, grades, options) / best;
}

/** DCG@k: Σ gain(r) / log2(r + 1) over the first k ranks r = 1…k. */
export function dcg(order: Order, grades: Grades, options: MetricOptions = {}): number {
  const { k = Number.POSITIVE_INFINITY, gain = 'linear' } = options;
  const found = order.slice(0, Math.min(k, order.length)).map((id) => gainOf(grades.get(id), gain));
  return sumDiscounted(found, k);
}

/** DCG@k of the ideal ranking: all judgments, highest grade first. */
export function idealDcg(grades: Grades, options: MetricOptions = {}): number {
  const { k = Number.POSITIVE_INFINITY, gain = 'linear' } = options;
  const ideal = [...grades.values()].map((grade) => gainOf(grade, gain)).sort((a, b) => b - a);
  return sumDiscounted(ideal, k);
}

/** 1 / rank of the first relevant passage among the first k; 0 if there is none. */
export function reciprocalRank(order: Order, grades: Grades, options: MetricOptions = {}): number {
  const first = relevance(order, grades, options).indexOf(true);
  return first < 0 ? 0 : 1 / (first + 1);
}

/**
 * Average precision: precision at each relevant passage among the first k, summed and divided by the
 * number of *all* relevant judgments (trec_eval's map, map_cut). 0 if there is none.
 */
export function averagePrecision(order: Order, grades: Grades, options: MetricOptions = {}): number {
  const relevant = countRelevant(grades, options.level);
  if (relevant === 0) return 0;
  let hits = 0;
  let sum = 0;
  relevance(order, grades, options).forEach((isRelevant, index) => {
    if (isRelevant) sum += ++hits / (index + 1);
  });
  return sum / relevant;
}

/** Relevant among the first k, divided by k, even where fewer were retrieved; without k by what was. */
export function precision(order: Order, grades: Grades, options: MetricOptions = {}): number {
  const depth = options.k ?? order.length;
  return depth === 0 ? 0 : countTrue(relevance(order, grades, options)) / depth;
}

/** Relevant among the first k, divided by all relevant judgments; 0 if there is none. */
export function recall(order: Order, grades: Grades, options: MetricOptions = {}): number {
  const relevant = countRelevant(grades, options.level);
  return relevant === 0 ? 0 : countTrue(relevance(order, grades, options)) / relevant;
}

/** Precision at R, where R is the number of relevant judgments; 0 if there is none. */
export function rPrecision(order: Order, grades: Grades, options: MetricOptions = {}): number {
  const relevant = countRelevant(grades, options.level);
  return relevant === 0 ? 0 : precision(order, grades, { ...options, k: relevant });
}

/** 1 when one of the first k is relevant, else 0 (trec_eval's success, ranx's hit_rate). */
export function success(order: Order, grades: Grades, options: MetricOptions = {}): number {
  return relevance(order, grades, options).includes(true) ? 1 : 0;
}

/** Acc@1 of the paper's ReDial table: 1 when the first passage is relevant, else 0. */
export function accuracyAt1(order: Order, grades: Grades, options: MetricOptions = {}): number {
  return success(order, grades, { ...options, k: 1 });
}

/**
 * Share of the first k (of those that exist) that have a judgment. What is not judged is unknown,
 * not bad: an nDCG over few judgments should be read with care. 1 for an empty ranking.
 */
export function judgedShare(order: Order, grades: Grades, k = order.length): number {
  const top = order.slice(0, k);
  return top.length === 0 ? 1 : top.filter((id) => (grades.get(id) ?? -1) >= 0).length / top.length;
}
