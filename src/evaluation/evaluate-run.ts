/** A run against judgments, as trec_eval does it. */
import { RankscopeError } from '../errors.ts';
import type { Qrels, Run } from '../types.ts';
import { type Metric, parseMetric } from './metric-names.ts';
import { trecOrder } from './trec-order.ts';

export interface EvaluateOptions {
  /**
   * trec_eval's -c: average over all judged queries; those missing from the run count 0.
   * Without it: over the queries that are in both.
   * @example `evaluateRun(run, qrels, ['ndcg@10'], { complete: true })`
   */
  readonly complete?: boolean;
  /**
   * trec_eval's -l: lowest grade that counts as relevant in binary measures; default 1.
   * @example `{ level: 2 }` for TREC Deep Learning, where grade 1 is related, not relevant
   */
  readonly level?: number;
  /**
   * trec_eval's -M: only this many entries of a query count.
   * @example `{ depth: 20 }` judges a run by its first 20
   */
  readonly depth?: number;
}

export interface Evaluation {
  /** Canonical names of the measures, in the order asked. */
  readonly metrics: readonly string[];
  /** Query → values, in the order of `metrics`; queries in the run's order, then (complete) missing ones. */
  readonly perQuery: ReadonlyMap<string, readonly number[]>;
  /** Means over the queries (sums for counts), in the order of `metrics`. 0 queries: all 0. */
  readonly overall: readonly number[];
}

/**
 * Evaluates a run with the named measures (`ndcg@10`, `map`, `recip_rank@10`, …, see `parseMetric`).
 * Entries are put in trec_eval's order first, whatever order they come in.
 * Throws 'bad-input' for an unknown measure or a passage that a query lists twice.
 */
export function evaluateRun(
  run: Run,
  qrels: Qrels,
  metricNames: readonly string[],
  options: EvaluateOptions = {},
): Evaluation {
  const metrics = metricNames.map(parseMetric);
  const perQuery = new Map<string, readonly number[]>();
  for (const [query, entries] of run) {
    const grades = qrels.get(query);
    if (grades === undefined) continue;
    const order = trecOrder(entries).map(({ id }) => id);
    rejectRepeats(query, order);
    const top = options.depth === undefined ? order : order.slice(0, options.depth);
    perQuery.set(
      query,
      metrics.map((metric) => metric.value(top, grades, options.level)),
    );
  }
  if (options.complete) {
    for (const [query, grades] of qrels) {
      if (perQuery.has(query)) continue;
      perQuery.set(
        query,
        // A missing query scores 0, but its relevant passages exist.
        metrics.map((metric) => (metric.total === 'sum' ? metric.value([], grades, options.level) : 0)),
      );
    }
  }
  return { metrics: metrics.map(({ name }) => name), perQuery, overall: overall(metrics, perQuery) };
}

/** One measure's values by query, e.g. to compare two runs in pairs. */
export function valuesOf(evaluation: Evaluation, metric: string): Map<string, number> {
  const column = evaluation.metrics.indexOf(parseMetric(metric).name);
  if (column < 0) throw new RankscopeError('internal', `The evaluation has no measure “${metric}”.`);
  return new Map([...evaluation.perQuery].map(([query, values]) => [query, values[column]!]));
}

function overall(metrics: readonly Metric[], perQuery: ReadonlyMap<string, readonly number[]>): number[] {
  return metrics.map((metric, column) => {
    let sum = 0;
    for (const values of perQuery.values()) sum += values[column]!;
    return metric.total === 'sum' || perQuery.size === 0 ? sum : sum / perQuery.size;
  });
}

function rejectRepeats(query: string, order: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of order) {
    if (seen.has(id)) {
      throw new RankscopeError(
        'bad-input',
        `The run lists passage “${id}” twice for query “${query}”. Remove one of the two lines.`,
        { query, id },
      );
    }
    seen.add(id);
  }
}
