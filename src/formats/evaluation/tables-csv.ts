/** An evaluation as CSV: its table, and the values of every query. */

import { heading } from '../../evaluation/headings.ts';
import { MEASURE_IDS } from '../../evaluation/table/columns.ts';
import { valueIndex } from '../../evaluation/table/query-values.ts';
import type { EvaluationTable, RowResults } from '../../evaluation/table/table.ts';
import { writeCsv } from '../csv.ts';
import { hasWins } from './report.ts';
import { HEAD_UNITS } from './values.ts';

/** A row a method, values in full; after each measure the letters of the rows that it is significantly above. */
export function writeEvaluationCsv(table: EvaluationTable): string {
  const wins = hasWins(table);
  const isMeasure = table.columns.map(({ id }) => MEASURE_IDS.includes(id));
  const head = [
    'row',
    'method',
    'queries',
    ...table.columns.flatMap(({ id, heading: name }, i) => {
      const title = HEAD_UNITS[id] ?? name;
      return isMeasure[i] ? [title, `${title} above`] : [title];
    }),
    ...(wins ? ['wins', 'ties', 'losses'] : []),
  ];
  return writeCsv([
    head,
    ...table.rows.map(({ letter, name, queries, cells, against }) => [
      letter,
      name,
      queries,
      ...cells.flatMap(({ value, above }, i) => (isMeasure[i] ? [value, above.join('')] : [value])),
      ...(wins ? [against?.wins ?? null, against?.ties ?? null, against?.losses ?? null] : []),
    ]),
  ]);
}

/** A line a query and row. */
export function writePerQueryCsv(
  queries: readonly { readonly id: string; readonly text: string }[],
  rows: readonly RowResults[],
): string {
  const measures = [...MEASURE_IDS, 'unjudged@10'];
  const head = ['query', 'text', 'method', ...measures.map(heading), 'calls', 'tokens', 'seconds'];
  return writeCsv([
    head,
    ...queries.flatMap(({ id, text }, place) =>
      rows.flatMap(({ name, values, costs }) => {
        const own = values[place];
        const cost = costs[place];
        if (!own) return [];
        const figures = measures.map((measure) => own[valueIndex(measure)]!);
        return [
          [id, text, name, ...figures, cost?.calls ?? null, cost?.tokens ?? null, cost?.seconds ?? null],
        ];
      }),
    ),
  ]);
}
