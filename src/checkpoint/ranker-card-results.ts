/** A card's held-out results as they are shown, on the page and in the README: set by set, with verdicts. */
import type { Comparison, ComparisonMetric, EvaluationRow, RankerCard } from './ranker-card.ts';

export interface SetResults {
  readonly set: string;
  readonly queries: number;
  readonly rows: readonly EvaluationRow[];
  /** Differences that no row states already. */
  readonly comparisons: readonly Comparison[];
}

/** What is compared, as it is written; where a card says nothing, it is nDCG@10. */
export function metricName(metric: ComparisonMetric = 'ndcg@10'): string {
  return metric === 'kendall-tau' ? 'τ to the teacher' : 'nDCG@10';
}

export type Verdict = 'higher' | 'lower' | 'not clear';

/** What a 95 % interval of a difference allows to say: its sign is clear only where 0 lies outside. */
export function verdict({ low, high }: { readonly low: number; readonly high: number }): Verdict {
  if (low > 0) return 'higher';
  return high < 0 ? 'lower' : 'not clear';
}

/** The card's results by set: sets that are only compared (all together) first, then in the card's order. */
export function resultsBySet({
  evaluation,
  comparisons = [],
}: Pick<RankerCard, 'evaluation' | 'comparisons'>): SetResults[] {
  const evaluated = new Set(evaluation.map(({ set }) => set));
  const compared = new Set(comparisons.map(({ set }) => set).filter((set) => !evaluated.has(set)));
  return [...compared, ...evaluated].map((set) => {
    const rows = evaluation.filter((row) => row.set === set);
    const own = comparisons.filter((one) => one.set === set);
    return {
      set,
      queries: rows[0]?.queries ?? own[0]?.queries ?? 0,
      rows,
      comparisons: own.filter((one) => !rows.some((row) => states(row, one))),
    };
  });
}

function states({ method, difference }: EvaluationRow, one: Comparison): boolean {
  return (
    difference !== undefined &&
    (one.metric ?? 'ndcg@10') === 'ndcg@10' &&
    one.method === method &&
    one.against === difference.against
  );
}

/**
 * How a student differs from the base's own Yes / No question (relevance generation), which costs as many calls: over
 * all sets where the card says so, else on its first set. undefined where the card does not compare them.
 */
export function againstBase(
  { comparisons = [] }: Pick<RankerCard, 'comparisons'>,
  metric: ComparisonMetric,
): Comparison | undefined {
  return comparisons.find(
    (one) =>
      (one.metric ?? 'ndcg@10') === metric &&
      one.method === 'student' &&
      one.against.startsWith('base, relevance'),
  );
}
