/** An evaluation as it is handed on: the table, and what is needed to read it. */
import type { EvaluationTable } from '../../evaluation/table/table.ts';

export interface EvaluationReport {
  /** Name of the data, with the split where there are several. */
  readonly name: string;
  /** Queries of the data. */
  readonly queries: number;
  /** Candidates of a query; null for runs, which are measured as they are. */
  readonly depth: number | null;
  readonly table: EvaluationTable;
  /** Measure that wins are counted by, in words; null without judgments. */
  readonly compared: string | null;
  /** Sentences below the table, without the ones that every table needs. */
  readonly notes: readonly string[];
  /** The differences have been tested. */
  readonly tested: boolean;
}

/** What stands below every table: how to read letters and wins. */
export function readingNotes({ table, compared, notes, tested }: EvaluationReport): string[] {
  const lettered = tested && table.rows.some(({ cells }) => cells.some(({ above }) => above.length > 0));
  return [
    ...(lettered
      ? [
          'Letters name the rows that a value is significantly above: paired randomisation test, p < .05 after Holm’s correction over all pairs of rows.',
        ]
      : tested
        ? [
            'No difference is significant: paired randomisation test, p < .05 after Holm’s correction over all pairs of rows.',
          ]
        : []),
    ...(table.reference !== null && compared !== null
      ? [`W/T/L: queries on which a row is above, level with and below ${table.reference} in ${compared}.`]
      : []),
    ...notes,
  ];
}

/** Whether any row has wins to show. */
export const hasWins = ({ rows }: EvaluationTable): boolean => rows.some(({ against }) => against !== null);
