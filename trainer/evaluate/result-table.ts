/** The table of an evaluation, in Markdown. */

import type { Difference } from '../../src/evaluation/compare-rows.ts';
import { heading } from '../../src/evaluation/headings.ts';
import { trecDecimals } from '../../src/evaluation/print.ts';
import { markdownTable, signed } from '../cli/markdown.ts';

export interface TableRow {
  readonly name: string;
  /** In the order of the measures. */
  readonly values: readonly number[];
  readonly callsPerQuery?: number;
  readonly secondsPerQuery?: number;
  readonly tau?: number;
  readonly difference?: Difference;
}

export interface TableOptions {
  readonly measures: readonly string[];
  readonly compared: string;
  /** Name of the row that τ is to. */
  readonly tauTo?: string;
}

/** One table: the best value of each measure is bold; costs and differences where any row has them. */
export function resultTable(rows: readonly TableRow[], options: TableOptions): string {
  const { measures, compared, tauTo } = options;
  const timed = rows.some(({ callsPerQuery }) => callsPerQuery !== undefined);
  const differ = rows.some(({ difference }) => difference !== undefined);
  const head = [
    'method',
    ...measures.map(heading),
    ...(tauTo === undefined ? [] : [`τ to ${tauTo}`]),
    ...(timed ? ['calls/query', 's/query'] : []),
    ...(differ ? [`Δ ${heading(compared)}`, '95 % interval', 'p'] : []),
  ];
  const best = measures.map((_, column) => Math.max(...rows.map(({ values }) => values[column]!)));
  const body = rows.map(({ name, values, ...row }) => [
    name,
    ...values.map((value, column) => {
      const text = /^num_/.test(measures[column]!) ? String(value) : trecDecimals(value);
      return rows.length > 1 && value === best[column] ? `**${text}**` : text;
    }),
    ...(tauTo === undefined ? [] : [row.tau === undefined ? '–' : signed(row.tau, 3)]),
    ...(timed ? [costs(row.callsPerQuery, 1), costs(row.secondsPerQuery, 4)] : []),
    ...(differ ? differenceCells(row.difference) : []),
  ]);
  return markdownTable(head, body);
}

const costs = (value: number | undefined, digits: number) =>
  value === undefined ? '–' : value === 0 ? '0' : value.toFixed(digits);

function differenceCells(difference: Difference | undefined): string[] {
  if (!difference) return ['–', '–', '–'];
  const { mean, low, high, p } = difference;
  return [signed(mean, 4), `${signed(low, 4)} … ${signed(high, 4)}`, p < 0.0001 ? '<0.0001' : p.toFixed(4)];
}
