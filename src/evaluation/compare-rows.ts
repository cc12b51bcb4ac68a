/** Rows of an evaluation on the same queries, each compared with a baseline in pairs. */
import type { Evaluation } from './evaluate-run.ts';
import { valuesOf } from './evaluate-run.ts';
import { pairedDifference } from './significance.ts';

/** A row's mean difference to the baseline: 95 % bootstrap interval, p of the randomisation test. */
export interface Difference {
  readonly against: string;
  readonly measure: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  readonly queries: number;
}

/** undefined for the baseline itself and where fewer than two queries are shared. */
export function compareRows(
  rows: readonly { readonly name: string; readonly evaluation: Evaluation }[],
  baseline: string,
  measure: string,
): (Difference | undefined)[] {
  const base = rows.find(({ name }) => name === baseline);
  const reference = base && valuesOf(base.evaluation, measure);
  return rows.map(({ name, evaluation }) => {
    if (!reference || name === baseline) return undefined;
    const own = valuesOf(evaluation, measure);
    const shared = [...reference.keys()].filter((query) => own.has(query));
    if (shared.length < 2) return undefined;
    const { n, ...difference } = pairedDifference(
      shared.map((query) => own.get(query)!),
      shared.map((query) => reference.get(query)!),
    );
    return { against: baseline, measure, ...difference, queries: n };
  });
}
