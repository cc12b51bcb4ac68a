/** Which queries the rows of a table have: means over different queries cannot be compared. */
import { comparedRows, type RowResults } from './row-results.ts';

export interface Coverage {
  /** By row, how many queries it has. */
  readonly byRow: ReadonlyMap<string, number>;
  /** By query: all rows have it that have any. */
  readonly common: readonly boolean[];
  readonly commonCount: number;
  /** All rows that have any have the same. */
  readonly even: boolean;
}

const has = ({ values }: Pick<RowResults, 'values'>, place: number): boolean => values[place] !== undefined;

/** Rows that have not begun, and the ceiling, say nothing about which queries are common. */
export function coverageOf(rows: readonly Pick<RowResults, 'id' | 'kind' | 'values'>[]): Coverage {
  const size = rows.reduce((most, { values }) => Math.max(most, values.length), 0);
  const byRow = new Map(rows.map((row) => [row.id, row.values.reduce((sum, one) => sum + (one ? 1 : 0), 0)]));
  const begun = comparedRows(rows).filter(({ id }) => byRow.get(id)! > 0);
  const common = Array.from(
    { length: size },
    (_, place) => begun.length > 0 && begun.every((row) => has(row, place)),
  );
  const commonCount = common.filter(Boolean).length;
  return { byRow, common, commonCount, even: begun.every(({ id }) => byRow.get(id) === commonCount) };
}

/** The rows with nothing but the queries that all of them have. */
export function onCommon(rows: readonly RowResults[], { common }: Pick<Coverage, 'common'>): RowResults[] {
  const kept = <T>(list: readonly (T | undefined)[]): (T | undefined)[] =>
    Array.from(list, (one, place) => (common[place] ? one : undefined));
  return rows.map((row) => ({
    ...row,
    values: kept(row.values),
    costs: kept(row.costs),
    tau: row.tau && kept(row.tau),
    rbo: row.rbo && kept(row.rbo),
  }));
}
