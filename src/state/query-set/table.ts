/** A query set's results as a table: means over the queries, and paired differences with their intervals. */
import { type PairedDifference, pairedDifference } from '../../evaluation/significance.ts';
import { retrievedOrder } from '../readings/quality.ts';
import { type Cost, SET_METHODS, type SetMethod, type SetQuery } from './types.ts';

/** a − b over the same queries. */
export interface SetDifference {
  readonly a: SetMethod;
  readonly b: SetMethod;
  readonly difference: PairedDifference;
}

export interface SetRow {
  readonly method: SetMethod;
  /** Mean nDCG@10. */
  readonly ndcg10: number;
  /** Sums over the queries. */
  readonly cost: Cost;
  /** Against BM25; null for BM25 itself and for fewer than two queries. */
  readonly againstBm25: PairedDifference | null;
}

export interface SetTable {
  /** Queries that every method has ranked and that are judged: only these are counted. */
  readonly queries: number;
  /** One row a method; empty while no query is complete. */
  readonly rows: readonly SetRow[];
  /** Of these queries, those whose first hit of BM25 is graded 0 or not at all. */
  readonly firstHitMisses: number;
  /** Student against teacher and against base. */
  readonly differences: readonly SetDifference[];
  readonly perQuery: readonly {
    readonly query: SetQuery;
    /** nDCG@10 by method. */
    readonly ndcg10: Readonly<Partial<Record<SetMethod, number>>>;
  }[];
}

/** nDCG@10 of an order of this query's candidates; undefined where nothing is graded above 0. */
export type Measure = (query: SetQuery, order: readonly number[]) => number | undefined;

const COMPARED: readonly (readonly [a: SetMethod, b: SetMethod])[] = [
  ['student', 'teacher'],
  ['student', 'base'],
];

/**
 * `methods`: those that take part; every query counted has a ranking by each of them, so that means and
 * differences are of the same queries, also of a set that was cancelled.
 */
export function tableOf(
  queries: readonly SetQuery[],
  measure: Measure,
  methods: readonly SetMethod[] = SET_METHODS,
): SetTable {
  const perQuery = queries.map((query) => ({ query, ndcg10: valuesOf(query, measure) }));
  const complete = perQuery.filter(({ ndcg10 }) => methods.every((method) => ndcg10[method] !== undefined));
  const values = (method: SetMethod): number[] => complete.map(({ ndcg10 }) => ndcg10[method]!);
  const paired = (a: SetMethod, b: SetMethod): PairedDifference | null =>
    complete.length < 2 ? null : pairedDifference(values(a), values(b));
  const rows = methods.map((method) => ({
    method,
    ndcg10: mean(values(method)),
    cost: sum(complete.map(({ query }) => query.rankings[method]!.cost)),
    againstBm25: method === 'bm25' || !methods.includes('bm25') ? null : paired(method, 'bm25'),
  }));
  const differences = COMPARED.flatMap(([a, b]) => {
    const difference = methods.includes(a) && methods.includes(b) ? paired(a, b) : null;
    return difference ? [{ a, b, difference }] : [];
  });
  const firstHitMisses = complete.filter(({ query }) => {
    const { bm25 } = query.rankings;
    // One passage alone has a gain or none.
    return bm25 && measure(query, bm25.order.slice(0, 1)) === 0;
  }).length;
  return {
    queries: complete.length,
    rows: complete.length === 0 ? [] : rows,
    firstHitMisses,
    differences,
    perQuery,
  };
}

function valuesOf(query: SetQuery, measure: Measure): Partial<Record<SetMethod, number>> {
  const values: Partial<Record<SetMethod, number>> = {};
  for (const method of SET_METHODS) {
    const ranking = query.rankings[method];
    const order =
      ranking && method === 'bm25' ? retrievedOrder(query.candidates, ranking.order) : ranking?.order;
    const value = order && measure(query, order);
    if (value !== undefined) values[method] = value;
  }
  return values;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function sum(costs: readonly Cost[]): Cost {
  return costs.reduce(
    (total, { calls, cached, seconds }) => ({
      calls: total.calls + calls,
      cached: total.cached + cached,
      seconds: total.seconds + seconds,
    }),
    { calls: 0, cached: 0, seconds: 0 },
  );
}
