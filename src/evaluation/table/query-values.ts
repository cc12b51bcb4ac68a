/** What one order of one query's passages is worth, in all measures of a table. */
import type { Grades } from '../../types.ts';
import { parseMetric } from '../metric-names.ts';
import { gainOf, judgedShare } from '../metrics.ts';
import { MEASURE_IDS } from './columns.ts';

export interface MeasureOptions {
  /** Lowest grade that counts as relevant in the binary measures (trec_eval's -l). */
  readonly level: number;
  /** Passages that nobody judged are taken out of every order first (condensed lists: Sakai 2007). */
  readonly condensed: boolean;
}

/** In the order of MEASURES, and last the share of the first 10 that is not judged. */
export type QueryValues = Float64Array;

const METRICS = MEASURE_IDS.map(parseMetric);
const UNJUDGED = METRICS.length;

/** @param order passage ids, best first; each once */
export function queryValues(
  order: readonly string[],
  grades: Grades,
  { level, condensed }: MeasureOptions,
): QueryValues {
  const counted = condensed ? order.filter((id) => (grades.get(id) ?? -1) >= 0) : order;
  const values = new Float64Array(METRICS.length + 1);
  METRICS.forEach((metric, i) => {
    values[i] = metric.value(counted, grades, level);
  });
  // Of the list as it is: this is what condensing hides.
  values[UNJUDGED] = 1 - judgedShare(order, grades, 10);
  return values;
}

/** The place of a column among the values; −1 for one that is no measure of one query. */
export const valueIndex = (column: string): number =>
  column === 'unjudged@10' ? UNJUDGED : MEASURE_IDS.indexOf(column);

/** The candidates in ideal order: by grade, those of the same grade as they stood. No re-ranking can do better. */
export function idealOrder(candidates: readonly string[], grades: Grades): string[] {
  const gains = new Map(candidates.map((id) => [id, gainOf(grades.get(id), 'linear')]));
  return [...candidates].sort((a, b) => gains.get(b)! - gains.get(a)!);
}
