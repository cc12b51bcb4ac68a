/** A row of a table before anything is averaged: what it is worth and what it cost, query by query. */
import { type QueryValues, valueIndex } from './query-values.ts';

/** What one query cost. */
export interface QueryCost {
  readonly calls: number;
  readonly tokens: number;
  /** Padding included; null where that is not known. */
  readonly padded: number | null;
  /** null where no clock ran (runs that were brought). */
  readonly seconds: number | null;
  /** null where the model's size is not known. */
  readonly flops: number | null;
}

/** A row's results, by query in the order of all rows; undefined for a query that it does not have yet. */
export interface RowResults {
  readonly id: string;
  readonly name: string;
  /** `ceiling`: no method, the best that any could do. It is grey, and takes no part in comparisons. */
  readonly kind: 'first-stage' | 'method' | 'run' | 'ceiling';
  readonly values: readonly (QueryValues | undefined)[];
  readonly costs: readonly (QueryCost | undefined)[];
  /** Agreement with the row that was chosen, by query; absent for that row itself. */
  readonly tau?: readonly (number | undefined)[];
  readonly rbo?: readonly (number | undefined)[];
}

/** Rows that are compared with each other, in the order of the table. */
export const comparedRows = <T extends Pick<RowResults, 'kind'>>(rows: readonly T[]): T[] =>
  rows.filter(({ kind }) => kind !== 'ceiling');

/** A measure's values of a row, NaN where there is none: what `compareAll` takes. */
export const valuesOfRow = ({ values }: Pick<RowResults, 'values'>, measure: string): Float64Array => {
  const at = valueIndex(measure);
  return Float64Array.from(values, (one) => one?.[at] ?? Number.NaN);
};

const PETA = 1e15;

/**
 * What the table's column is of, query by query; NaN where there is nothing. Its value in the table is their mean; of seconds
 * a quantile; of rates nDCG@10 or 1 by the mean of the operations.
 */
export function columnOfRow(row: RowResults, column: string): Float64Array {
  if (valueIndex(column) >= 0) return valuesOfRow(row, column);
  if (column === 'tau' || column === 'rbo') {
    const agreement = row[column] ?? [];
    return Float64Array.from(row.values, (_, place) => agreement[place] ?? Number.NaN);
  }
  const of = costOfQuery(row, column);
  return Float64Array.from(row.values, (values, place) => {
    const cost = row.costs[place];
    return (values && cost && of(cost, values)) ?? Number.NaN;
  });
}

type CostOfQuery = (cost: QueryCost, values: QueryValues) => number | null;

function costOfQuery({ kind }: RowResults, column: string): CostOfQuery {
  if (kind === 'ceiling' || kind === 'run') return () => null;
  const per = (what: number, { flops }: QueryCost) => (flops ? (what * PETA) / flops : null);
  switch (column) {
    // A first stage asks no model.
    case 'calls':
    case 'tokens':
      return (cost) => (kind === 'first-stage' ? null : cost[column]);
    case 'padded':
    case 'flops':
      return (cost) => cost[column];
    case 'median':
    case 'p95':
      return ({ seconds }) => seconds;
    case 'rpp':
      return (cost, values) => per(values[valueIndex('ndcg@10')]!, cost);
    case 'qpp':
      return (cost) => per(1, cost);
    default:
      return () => null;
  }
}
