/** Orders of a query's candidates: from decisions that are there, and with another order than BM25's for what they leave open. */
import { ndcg } from '../../../src/evaluation/metrics.ts';
import { PairTable, preference } from '../../../src/ranking/pair-table.ts';
import { nextOpen } from '../../../src/ranking/pairwise.ts';
import { heapsort } from '../../../src/ranking/schedules/heapsort.ts';
import type { TrainingSet } from '../data/training-set.ts';
import { orderByScore, prpScores } from '../ranker.ts';

export interface Query {
  readonly query: number;
  readonly passages: readonly number[];
  readonly keys: readonly string[];
  readonly grades: ReadonlyMap<string, number>;
}

export function readQueries(set: TrainingSet): Query[] {
  const keys = set.passageTexts().map(({ key }) => key);
  return set.queryTexts().map(({ judged }, query) => {
    const passages = Array.from(set.candidates(query).passage);
    return { query, passages, keys: passages.map((p) => keys[p]!), grades: new Map(Object.entries(judged)) };
  });
}

/** One order a query: indices of its candidates, best first. */
export type Orders = readonly (readonly number[])[];

export const firstStageOrder = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** nDCG@10 of each query. */
export const judge = (queries: readonly Query[], orders: Orders): number[] =>
  queries.map(({ keys, grades }, q) =>
    ndcg(
      orders[q]!.map((i) => keys[i]!),
      grades,
      { k: 10 },
    ),
  );

/**
 * PRP over all pairs with another order than BM25's for what the decisions leave equal.
 * @param margins [n × n] of a list
 * @param before that order
 */
export function allPairsOrder(margins: Float32Array, before: readonly number[]): number[] {
  const scores = prpScores(margins, before.length);
  return orderByScore(before.map((i) => scores[i]!)).map((place) => before[place]!);
}

/** Heapsort of a list from decisions that are there already; calls as if it had asked for them. */
export function heapsortOrder(margins: Float32Array, before: readonly number[]) {
  const n = before.length;
  const table = new PairTable(n);
  const schedule = heapsort(n, table);
  let calls = 0;
  for (;;) {
    const asked = nextOpen(schedule, table);
    if (asked.length === 0) break;
    calls += asked.length;
    for (const [a, b] of asked) table.set(a, b, preference(margins[before[a]! * n + before[b]!]!, 0));
  }
  return { order: schedule.ranking().order.map((place) => before[place]!), calls };
}
