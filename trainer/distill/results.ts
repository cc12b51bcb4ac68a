/** Reads an evaluation's results.json: rows for the card, differences between any two of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Comparison, EvaluationRow } from '../../src/checkpoint/ranker-card.ts';
import { markdownTable, signed } from '../cli/markdown.ts';
import type { Results } from '../evaluate/read-results.ts';
import { writeAtomic } from '../node/atomic.ts';
import type { RowDifference } from './differences.ts';

/** Adds the differences between rows to the table, which has those to its baseline alone. */
export async function appendDifferences(
  folder: string,
  differences: readonly RowDifference[],
): Promise<void> {
  const path = join(folder, 'table.md');
  if (differences.length === 0) return;
  const table = markdownTable(
    ['set', 'method', 'against', 'in', 'Δ', '95 % interval', 'p', 'queries'],
    differences.map(({ set, method, against, metric, mean, low, high, p, queries }) => [
      ...[set, method, against, metric === 'kendall-tau' ? 'τ to the teacher' : 'nDCG@10'],
      ...[signed(mean, 4), `${signed(low, 4)} … ${signed(high, 4)}`],
      ...[p < 0.0001 ? '<0.0001' : p.toFixed(4), String(queries)],
    ]),
  );
  const text = await readFile(path, 'utf8');
  await writeAtomic(path, `${text}\n## Differences between the rows\n\n${table}`);
}

/** Rows as a card keeps them, with the difference to the table's baseline. */
export function cardRows({ rows }: Results): EvaluationRow[] {
  return rows.map(({ set, name, queries, measures, callsPerQuery, secondsPerQuery, tau, difference }) => ({
    set,
    method: name,
    queries,
    ndcg10: round(measures['ndcg@10']!),
    callsPerQuery: Math.round(callsPerQuery ?? 0),
    secondsPerQuery: secondsPerQuery === undefined ? undefined : round(secondsPerQuery),
    kendallTau: tau && round(tau.value),
    difference: difference
      ? {
          against: difference.against,
          mean: round(difference.mean),
          low: round(difference.low),
          high: round(difference.high),
        }
      : undefined,
  }));
}

/** Differences as a card keeps them. */
export const cardComparisons = (differences: readonly RowDifference[]): Comparison[] =>
  differences.map(({ p: _, ...one }) => ({
    ...one,
    mean: round(one.mean),
    low: round(one.low),
    high: round(one.high),
  }));

const round = (value: number) => Math.round(value * 1e4) / 1e4;
