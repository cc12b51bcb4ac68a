/** Differences between two rows of a table, paired by query. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Comparison } from '../../src/checkpoint/ranker-card.ts';
import { kendallTau } from '../../src/evaluation/correlation.ts';
import { pairedDifference } from '../../src/evaluation/significance.ts';
import { readTrecRun } from '../../src/formats/runs.ts';
import type { Run } from '../../src/types.ts';
import type { ResultRow } from '../evaluate/evaluate-request.ts';
import type { Results } from '../evaluate/read-results.ts';

export interface RowDifference extends Comparison {
  /** Two-sided, of the randomisation test. */
  readonly p: number;
}

/** Rows that are compared, by the names they have in the table. */
export type Pair = readonly [method: string, against: string];

/** In nDCG@10, of each set the pairs whose two rows it has. */
export function rowDifferences({ measures, rows }: Results, pairs: readonly Pair[]): RowDifference[] {
  const column = measures.indexOf('ndcg@10');
  return inSets(rows, pairs, (own, against) => {
    const queries = Object.keys(own.perQuery).filter((query) => query in against.perQuery);
    const values = (row: ResultRow) => queries.map((query) => row.perQuery[query]![column]!);
    return [values(own), values(against)];
  });
}

/** In Kendall's τ to the row `to`, from the runs; queries with one candidate have none. */
export async function tauDifferences(
  folder: string,
  { rows }: Results,
  pairs: readonly Pair[],
  to: string,
): Promise<RowDifference[]> {
  const runs = new Map<ResultRow, Run>();
  for (const row of rows) runs.set(row, readTrecRun(await readFile(join(folder, row.run), 'utf8'), row.run));
  const found = inSets(rows, pairs, (own, against) => {
    const teacher = rows.find((row) => row.set === own.set && row.name === to);
    const order = (row: ResultRow, query: string) => (runs.get(row)!.get(query) ?? []).map(({ id }) => id);
    const both = Object.keys(own.perQuery).flatMap((query) => {
      if (!teacher) return [];
      const reference = order(teacher, query);
      const taus = [own, against].map((row) => kendallTau(order(row, query), reference));
      return taus.every((tau) => tau !== undefined) ? [taus as [number, number]] : [];
    });
    return [both.map(([tau]) => tau), both.map(([, tau]) => tau)];
  });
  return found.map((one) => ({ ...one, metric: 'kendall-tau' }));
}

/** @param values of a measure for the same queries, of a row and of the one it is compared with */
function inSets(
  rows: readonly ResultRow[],
  pairs: readonly Pair[],
  values: (own: ResultRow, against: ResultRow) => readonly [readonly number[], readonly number[]],
): RowDifference[] {
  return [...new Set(rows.map(({ set }) => set))].flatMap((set) =>
    pairs.flatMap(([method, against]): RowDifference[] => {
      const [own, other] = [method, against].map((name) =>
        rows.find((row) => row.set === set && row.name === name),
      );
      const [a, b] = own && other ? values(own, other) : [[], []];
      if (a.length < 2) return [];
      const { mean, low, high, p } = pairedDifference(a, b);
      return [{ set, queries: a.length, method, against, mean, low, high, p }];
    }),
  );
}
