/** A table of an evaluation: a row a method, means over queries, what is best and what is more than chance. */
import type { PairComparison } from '../compare-all.ts';
import { quantile } from '../quantile.ts';
import { type ColumnSpec, columnNamed } from './columns.ts';
import { coverageOf } from './coverage.ts';
import { valueIndex } from './query-values.ts';
import { comparedRows, type RowResults, valuesOfRow } from './row-results.ts';

export type { QueryCost, RowResults } from './row-results.ts';
export { columnOfRow, valuesOfRow } from './row-results.ts';

export interface TableCell {
  /** null: there is nothing to say. */
  readonly value: number | null;
  /** The best of the column, of rows that are compared; never where all are the same. */
  readonly best: boolean;
  /** Letters of the rows that it is above by more than chance. */
  readonly above: readonly string[];
}

/** Queries on which a row is above, level with, below the chosen one. */
export interface WinTieLoss {
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

export interface TableRow {
  readonly id: string;
  /** `a`, `b`, …; '' for the ceiling. */
  readonly letter: string;
  readonly name: string;
  readonly kind: RowResults['kind'];
  /** Queries averaged over. */
  readonly queries: number;
  /** In the order of the columns. */
  readonly cells: readonly TableCell[];
  readonly against: WinTieLoss | null;
}

export interface EvaluationTable {
  readonly columns: readonly ColumnSpec[];
  readonly rows: readonly TableRow[];
  /** Name of the row that τ, RBO and wins are to; null where there is none. */
  readonly reference: string | null;
  /** False: rows that have begun have different queries, so nothing is marked as best or as more than chance. */
  readonly even: boolean;
}

export interface TableRequest {
  readonly rows: readonly RowResults[];
  readonly columns: readonly string[];
  /** Whether there are judgments: without, measures are empty. */
  readonly judged: boolean;
  /** Id of the row that agreement and wins are counted against. */
  readonly reference: string | null;
  /** Measure that wins are counted by. */
  readonly compared: string;
  /** By measure, of the rows that are compared in their order (`comparedRows`); absent while not worked out. */
  readonly comparisons: ReadonlyMap<string, readonly PairComparison[]>;
}

/** p below which a difference counts as more than chance, Holm-corrected. */
export const SIGNIFICANT = 0.05;

export function evaluationTable(request: TableRequest): EvaluationTable {
  const { rows, reference, compared } = request;
  const columns = request.columns.flatMap((id) => columnNamed(id) ?? []);
  const letters = new Map(comparedRows(rows).map(({ id }, i) => [id, letterOf(i)]));
  const values = rows.map((row) => columns.map((column) => cellValue(row, column.id, request.judged)));
  const { even, byRow } = coverageOf(rows);
  const bests = columns.map((column, c) => (even ? bestOf(column, rows, values, c) : null));
  const chosen = rows.find(({ id }) => id === reference);
  return {
    columns,
    reference: chosen?.name ?? null,
    even,
    rows: rows.map((row, r) => ({
      id: row.id,
      letter: letters.get(row.id) ?? '',
      name: row.name,
      kind: row.kind,
      queries: byRow.get(row.id)!,
      cells: columns.map((column, c) => {
        const value = values[r]![c]!;
        const best = row.kind !== 'ceiling' && value !== null && bests[c] !== null && same(value, bests[c]!);
        const pairs = even ? request.comparisons.get(column.id) : undefined;
        return { value, best, above: lettersBelow(row, rows, pairs, letters) };
      }),
      against:
        chosen && chosen !== row && row.kind !== 'ceiling' && request.judged
          ? winTieLoss(valuesOfRow(row, compared), valuesOfRow(chosen, compared))
          : null,
    })),
  };
}

const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b));

/** `a` to `z`, then `aa`. */
export function letterOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter;
}

function cellValue(row: RowResults, column: string, judged: boolean): number | null {
  const at = valueIndex(column);
  if (at >= 0) return judged ? mean(row.values.map((one) => one?.[at])) : null;
  if (column === 'tau' || column === 'rbo') return mean(row[column] ?? []);
  if (row.kind === 'ceiling' || row.kind === 'run') return null;
  const costs = row.costs.filter((one) => one !== undefined);
  if (column === 'calls' || column === 'tokens') {
    return row.kind === 'first-stage' ? null : mean(costs.map((one) => one[column]));
  }
  if (column === 'padded') return mean(costs.map((one) => one.padded ?? undefined));
  const seconds = costs.flatMap((one) => one.seconds ?? []);
  if (column === 'median') return quantile(seconds, 0.5);
  if (column === 'p95') return quantile(seconds, 0.95);
  const flops = mean(costs.map((one) => one.flops ?? undefined));
  if (flops === null || flops === 0) return null;
  if (column === 'flops') return flops;
  const peta = flops / 1e15;
  if (column === 'qpp') return 1 / peta;
  const ndcg = judged ? mean(row.values.map((one) => one?.[valueIndex('ndcg@10')])) : null;
  return ndcg === null ? null : ndcg / peta;
}

function mean(values: readonly (number | undefined)[]): number | null {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** null where there is no better and worse, or all have the same. */
function bestOf(
  { best, group }: ColumnSpec,
  rows: readonly RowResults[],
  values: readonly (readonly (number | null)[])[],
  column: number,
): number | null {
  // Of costs nobody wonders which is the lowest: the first stage's.
  if (best !== 'high' || group !== 'measures') return null;
  const known = rows.flatMap(({ kind }, r) => (kind === 'ceiling' ? [] : (values[r]![column] ?? [])));
  const highest = Math.max(...known);
  return known.length < 2 || known.every((value) => same(value, highest)) ? null : highest;
}

function lettersBelow(
  row: RowResults,
  rows: readonly RowResults[],
  pairs: readonly PairComparison[] | undefined,
  letters: ReadonlyMap<string, string>,
): string[] {
  if (!pairs || row.kind === 'ceiling') return [];
  const compared = comparedRows(rows);
  const own = compared.indexOf(row);
  return pairs
    .flatMap(({ a, b, mean: difference, corrected }) => {
      if (!(corrected < SIGNIFICANT)) return [];
      if (a === own && difference > 0) return [letters.get(compared[b]!.id)!];
      return b === own && difference < 0 ? [letters.get(compared[a]!.id)!] : [];
    })
    .sort();
}

function winTieLoss(own: Float64Array, other: Float64Array): WinTieLoss {
  let [wins, ties, losses] = [0, 0, 0];
  own.forEach((value, i) => {
    const difference = value - other[i]!;
    if (Number.isNaN(difference)) return;
    if (difference > 1e-9) wins++;
    else if (difference < -1e-9) losses++;
    else ties++;
  });
  return { wins, ties, losses };
}
