/** Reads an evaluation's results.json: rows for the card, differences between any two of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pairedDifference } from '../../src/evaluation/significance.ts';
import type { Comparison, EvaluationRow } from '../../src/inference/ranker-card.ts';
import { writeAtomic } from '../atomic.ts';
import { markdownTable, signed } from '../evaluate/markdown.ts';
import type { ResultRow } from '../evaluate/request.ts';

interface Results {
  readonly measures: readonly string[];
  readonly rows: readonly ResultRow[];
}

/** A difference in nDCG@10 between two rows of a set, paired by query. */
export interface RowDifference extends Comparison {
  readonly p: number;
}

/** Rows that are compared, by the names they have in the table. */
export type Pair = readonly [method: string, against: string];

export async function readResults(folder: string): Promise<Results> {
  return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Results;
}

/** Of each set the pairs whose two rows it has. */
export function rowDifferences({ measures, rows }: Results, pairs: readonly Pair[]): RowDifference[] {
  const column = measures.indexOf('ndcg@10');
  return [...new Set(rows.map(({ set }) => set))].flatMap((set) =>
    pairs.flatMap(([method, against]): RowDifference[] => {
      const find = (name: string) => rows.find((row) => row.set === set && row.name === name);
      const [own, other] = [find(method), find(against)];
      const queries = Object.keys(own?.perQuery ?? {}).filter((query) => other && query in other.perQuery);
      if (!own || !other || queries.length < 2) return [];
      const values = (row: ResultRow) => queries.map((query) => row.perQuery[query]![column]!);
      const { mean, low, high, p } = pairedDifference(values(own), values(other));
      return [{ set, queries: queries.length, method, against, mean, low, high, p }];
    }),
  );
}

/** Adds the differences between rows to the table, which has those to its baseline alone. */
export async function appendDifferences(folder: string, pairs: readonly Pair[]): Promise<void> {
  const path = join(folder, 'table.md');
  const differences = rowDifferences(await readResults(folder), pairs);
  if (differences.length === 0) return;
  const table = markdownTable(
    ['set', 'method', 'against', 'Δ nDCG@10', '95 % interval', 'p', 'queries'],
    differences.map(({ set, method, against, mean, low, high, p, queries }) => [
      ...[set, method, against, signed(mean, 4), `${signed(low, 4)} … ${signed(high, 4)}`],
      ...[p < 0.0001 ? '<0.0001' : p.toFixed(4), String(queries)],
    ]),
  );
  const text = await readFile(path, 'utf8');
  await writeAtomic(path, `${text}\n## Differences between the rows\n\n${table}`);
}

/** Rows as a card keeps them, with the difference to BM25. */
export function cardRows({ rows }: Results): EvaluationRow[] {
  return rows.map(({ set, name, queries, measures, callsPerQuery, secondsPerQuery, tau, difference }) => ({
    set,
    method: name,
    queries,
    ndcg10: round(measures['ndcg@10']!),
    callsPerQuery: Math.round(callsPerQuery ?? 0),
    ...(secondsPerQuery === undefined ? {} : { secondsPerQuery: round(secondsPerQuery) }),
    ...(tau === undefined ? {} : { kendallTau: round(tau.value) }),
    ...(difference && {
      difference: {
        against: difference.against,
        ...{ mean: round(difference.mean), low: round(difference.low), high: round(difference.high) },
      },
    }),
  }));
}

/** Differences as a card keeps them. */
export function cardComparisons(results: Results, pairs: readonly Pair[]): Comparison[] {
  return rowDifferences(results, pairs).map(({ p: _, ...one }) => ({
    ...one,
    ...{ mean: round(one.mean), low: round(one.low), high: round(one.high) },
  }));
}

const round = (value: number) => Math.round(value * 1e4) / 1e4;
