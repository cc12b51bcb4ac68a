/** The measures of a table. */
import { parseMetric } from '../../src/evaluation/metric-names.ts';
import { usage } from '../cli/args.ts';

/** The paper's nDCG at three depths, and what the field reports beside it. */
export const DEFAULT_MEASURES = ['ndcg@1', 'ndcg@5', 'ndcg@10', 'recip_rank@10', 'map', 'accuracy@1'];

/** Canonical names from a list with commas. @throws RankscopeError 'bad-input' for one that is not known */
export function readMeasures(list: string | undefined): string[] {
  if (list === undefined) return DEFAULT_MEASURES;
  const names = list.split(',').map((name) => parseMetric(name).name);
  return [...new Set(names)];
}

/** The measure that methods are compared by: the one asked for, else nDCG@10, else the first. */
export function readCompared(wanted: string | undefined, measures: readonly string[]): string {
  if (wanted === undefined) return measures.includes('ndcg@10') ? 'ndcg@10' : measures[0]!;
  const { name } = parseMetric(wanted);
  if (measures.includes(name)) return name;
  throw usage('evaluate', `--compare is “${wanted}”; it must be one of ${measures.join(', ')}`);
}
