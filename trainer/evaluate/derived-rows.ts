/** Rows for which no model is asked: random order, popularity, and rows of models fused with the first stage. */
import {
  type Counts,
  DEFAULT_SEED,
  expectedAccuracy,
  isBaselineId,
  rankBaseline,
} from '../../src/evaluation/baselines/baselines.ts';
import { parseMetric } from '../../src/evaluation/metric-names.ts';
import { DEFAULT_WEIGHT, type Fusion, fuse, WEIGHTS } from '../../src/ranking/fusion.ts';
import { readCountsOf } from '../input/counts.ts';
import type { RankJob } from '../input/read-jobs.ts';
import type { EvaluateRequest, ResultRow } from './evaluate-request.ts';
import type { JournalEntry } from './journal.ts';
import type { FinishedRow } from './results.ts';
import type { EvaluationSet } from './sets.ts';

/**
 * The counts of each folder of data, where popularity is asked for.
 * @throws RankscopeError 'missing' where there is no such file, 'bad-input' for what is wrong in it
 */
export async function readPopularity({
  methods,
  data,
  popularity,
}: Pick<EvaluateRequest, 'methods' | 'data' | 'popularity'>): Promise<readonly Counts[]> {
  if (!methods.some(({ id }) => id === 'popularity')) return [];
  return Promise.all(data.map((path) => readCountsOf(path, popularity)));
}

/** The rows of a set that ask no model, in the order in which they were asked for. */
export function baselineRows(
  { methods, seed = DEFAULT_SEED }: Pick<EvaluateRequest, 'methods' | 'seed'>,
  set: EvaluationSet,
  counts: Counts | undefined,
): FinishedRow[] {
  return methods.flatMap(({ id, name = id }): FinishedRow[] => {
    if (!isBaselineId(id)) return [];
    const entries = set.jobs.map(({ query, candidates }) => {
      const ids = candidates.map(({ passage }) => passage.id);
      const { order, scores } = rankBaseline(id, query.id, ids, { seed, counts });
      return entryOf(
        query.id,
        order.map((i) => ids[i]!),
        scores,
      );
    });
    const random = id === 'random' ? { seed, expectedAccuracy: meanExpected(set) } : undefined;
    return [
      {
        set,
        name,
        slug: id,
        method: id,
        random,
        checkpoint: null,
        template: null,
        entries: new Map(entries.map((entry) => [entry.query, entry])),
        timed: false,
      },
    ];
  });
}

/** Over the judged queries, those without candidates included, as the measures are. */
function meanExpected({ jobs, qrels }: EvaluationSet): number {
  const values = jobs.map(({ query, candidates }) =>
    expectedAccuracy(
      candidates.map(({ passage }) => passage.id),
      qrels.get(query.id) ?? new Map(),
    ),
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A row of a model with the row's rankings of the judgments that λ is chosen on. */
export interface FusedFrom {
  readonly row: FinishedRow;
  readonly tuning?: { readonly set: EvaluationSet; readonly entries: FinishedRow['entries'] };
}

/** A row fused with the first stage in every way that was asked for: it costs what the row itself does. */
export function fusedRows(
  {
    fuse: ways = [],
    fuseWeight = DEFAULT_WEIGHT,
    compared,
  }: Pick<EvaluateRequest, 'fuse' | 'fuseWeight' | 'compared'>,
  { row, tuning }: FusedFrom,
): FinishedRow[] {
  return ways.map((by): FinishedRow => {
    const chosen = by === 'interpolation' && tuning ? tunedWeight(tuning, compared) : fuseWeight;
    const fusion: ResultRow['fusion'] =
      by === 'rrf' ? { by } : { by, weight: chosen, tunedOn: tuning?.set.split };
    return {
      ...row,
      name: `${row.name}+${by}`,
      slug: `${row.slug}+${by}`,
      fusion,
      entries: fusedEntries(row.set.jobs, row.entries, fusion),
    };
  });
}

/** The λ with the highest mean of a measure; of equal ones the nearest to a half. */
export function tunedWeight(
  { set: { jobs, qrels }, entries }: NonNullable<FusedFrom['tuning']>,
  measure: string,
): number {
  const metric = parseMetric(measure);
  const means = WEIGHTS.map((weight) => {
    const fused = fusedEntries(jobs, entries, { by: 'interpolation', weight });
    const sum = jobs.reduce((total, { query }) => {
      const order = fused.get(query.id)?.order ?? [];
      return total + metric.value(order, qrels.get(query.id) ?? new Map());
    }, 0);
    return { weight, mean: sum / jobs.length };
  });
  const best = means.toSorted(
    (a, b) => b.mean - a.mean || Math.abs(a.weight - 0.5) - Math.abs(b.weight - 0.5),
  );
  return best[0]!.weight;
}

function fusedEntries(
  jobs: readonly RankJob[],
  entries: ReadonlyMap<string, JournalEntry>,
  fusion: Fusion,
): ReadonlyMap<string, JournalEntry> {
  const fused = jobs.flatMap(({ query, candidates }): [string, JournalEntry][] => {
    const entry = entries.get(query.id);
    if (!entry) return [];
    const places = new Map(candidates.map(({ passage }, i) => [passage.id, i]));
    const reranked = { order: entry.order.map((id) => places.get(id)!), scores: entry.scores };
    const firstStage = candidates.map(({ score }) => score);
    const { order, scores } = fuse(firstStage, reranked, fusion);
    return [[query.id, { ...entry, order: order.map((i) => candidates[i]!.passage.id), scores }]];
  });
  return new Map(fused);
}

const entryOf = (query: string, order: readonly string[], scores: readonly number[]): JournalEntry => ({
  query,
  order,
  scores,
  calls: 0,
  tokens: 0,
  seconds: 0,
  cutPassages: 0,
});
