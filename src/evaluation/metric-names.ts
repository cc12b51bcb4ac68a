/**
 * Names of measures, as ranx writes them (`ndcg@10`, `map`, `recip_rank@10`, `precision@5-l2`) or as
 * trec_eval does (`ndcg_cut_10`, `P_5`, `map_cut_100`).
 */
import { RankscopeError } from '../errors.ts';
import type { Grades } from '../types.ts';
import * as metrics from './metrics.ts';

type Measure = (order: readonly string[], grades: Grades, options: metrics.MetricOptions) => number;

export interface Metric {
  /** The canonical name, e.g. `ndcg@10`. */
  readonly name: string;
  /** Over queries: the mean, or for counts the sum. */
  readonly total: 'mean' | 'sum';
  /** Value for one query; `level` is the default for a name that states none. */
  value(order: readonly string[], grades: Grades, level?: number): number;
}

interface Known {
  readonly measure: Measure;
  readonly cut: 'may' | 'must' | 'never';
  readonly total?: 'sum';
}

const KNOWN: Readonly<Record<string, Known>> = {
  ndcg: { measure: metrics.ndcg, cut: 'may' },
  ndcg_burges: { measure: (o, g, x) => metrics.ndcg(o, g, { ...x, gain: 'exponential' }), cut: 'may' },
  map: { measure: metrics.averagePrecision, cut: 'may' },
  recip_rank: { measure: metrics.reciprocalRank, cut: 'may' },
  precision: { measure: metrics.precision, cut: 'must' },
  recall: { measure: metrics.recall, cut: 'may' },
  r_precision: { measure: metrics.rPrecision, cut: 'never' },
  success: { measure: metrics.success, cut: 'must' },
  accuracy: { measure: metrics.precision, cut: 'must' },
  judged: { measure: (o, g, { k }) => metrics.judgedShare(o, g, k), cut: 'may' },
  num_ret: { measure: (o) => o.length, cut: 'never', total: 'sum' },
  num_rel: { measure: (_, g, { level }) => metrics.countRelevant(g, level), cut: 'never', total: 'sum' },
  num_rel_ret: {
    measure: (o, g, { level = 1 }) => o.filter((id) => (g.get(id) ?? -1) >= level).length,
    cut: 'never',
    total: 'sum',
  },
};

const ALIASES: Readonly<Record<string, string>> = {
  ndcg_cut: 'ndcg',
  map_cut: 'map',
  mrr: 'recip_rank',
  rr: 'recip_rank',
  p: 'precision',
  r: 'recall',
  rprec: 'r_precision',
  'r-precision': 'r_precision',
  hit_rate: 'success',
  acc: 'accuracy',
};

/**
 * The measure of a name: `name`, `name@k`, trec_eval's `name_k`, each with an optional `-lN` for the
 * lowest grade that counts as relevant. Throws 'bad-input' for an unknown name or a wrong cut.
 */
export function parseMetric(text: string): Metric {
  const match = /^([a-z_-]*?[a-z])(?:[@_](\d+))?(?:-l(\d+))?$/i.exec(text.trim());
  const base = match?.[1]?.toLowerCase() ?? '';
  const name = ALIASES[base] ?? base;
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (!match || !known) {
    throw new RankscopeError(
      'bad-input',
      `Unknown measure “${text}”. Known: ${Object.keys(KNOWN).join(', ')}; with a cut such as ndcg@10.`,
    );
  }
  const k = match[2] === undefined ? undefined : Number(match[2]);
  if (k === 0 || (known.cut === 'must' && k === undefined) || (known.cut === 'never' && k !== undefined)) {
    const should = known.cut === 'never' ? `${name} takes no cut` : `give a cut of at least 1: ${name}@10`;
    throw new RankscopeError('bad-input', `Measure “${text}”: ${should}.`);
  }
  const ownLevel = match[3] === undefined ? undefined : Number(match[3]);
  return {
    name: name + (k === undefined ? '' : `@${k}`) + (ownLevel === undefined ? '' : `-l${ownLevel}`),
    total: known.total ?? 'mean',
    value: (order, grades, level) => known.measure(order, grades, { k, level: ownLevel ?? level }),
  };
}
