/** One held-out set: every method ranks the same lists. */
import type { EvaluationRow } from '../../../src/checkpoint/ranker-card.ts';
import { seededRandom } from '../../../src/t5/init-random.ts';
import type { T5Model } from '../../../src/t5/weights.ts';
import type { TrainingContext } from '../context.ts';
import type { TrainingSet } from '../data/training-set.ts';
import type { TokenTemplate } from '../prompts.ts';
import { heapsortOrders, orderByScore, pairMargins, pointwiseScores } from '../ranker.ts';
import { draw } from '../sampling.ts';
import { withRanker } from '../validation.ts';
import {
  compare,
  compareTaus,
  type Difference,
  METHODS,
  type Method,
  mean,
  NAMES,
  type PerQuery,
  perMethod,
  round,
  taus,
} from './comparisons.ts';
import { fusedOrders } from './fusion.ts';
import {
  allPairsOrder,
  firstStageOrder,
  heapsortOrder,
  judge,
  type Orders,
  type Query,
  readQueries,
} from './orders.ts';

/** Lists up to this long are ranked from all ordered pairs, longer ones by heapsort until ten places are known. */
const ALL_PAIRS_DEPTH = 20;

export interface SetReport {
  readonly rows: readonly EvaluationRow[];
  /** Paired 95 % intervals of differences in nDCG@10. */
  readonly differences: readonly Difference[];
  /** The same for Kendall's τ to the teacher's order; empty where the teacher's order is not whole. */
  readonly tauDifferences: readonly Difference[];
  /** Share of pairs of candidates whose two orders name the same winner; where all were asked. */
  readonly bothOrdersAgree?: number;
  /** How the teacher ranked. */
  readonly schedule: 'all pairs' | 'heapsort, best ten';
  /** Of the student in its fusion with BM25's scores, chosen on the development set. */
  readonly fusionWeight?: number;
  /** nDCG@10 of each query, in the set's order. */
  readonly perQuery: PerQuery;
  /** Kendall's τ to the teacher's order, of queries with more than one candidate. */
  readonly tauPerQuery: PerQuery;
}

/** What is evaluated. */
export interface Evaluated {
  readonly base: T5Model;
  readonly student: T5Model;
  /** A model whose Yes / No was trained on lists. */
  readonly supervised?: T5Model | undefined;
  /** Weight of the student in its fusion with BM25; absent: no such row. */
  readonly fusionWeight?: number | undefined;
}

/** Evaluates on one set; `limit` queries at most, in the set's order. */
export async function evaluateSet(
  context: TrainingContext,
  models: Evaluated,
  name: string,
  set: TrainingSet,
  limit: number,
): Promise<SetReport> {
  const queries = readQueries(set).slice(0, limit);
  const random = seededRandom(99);
  const values = new Map<Method, { scores: number[]; calls: number; seconds?: number }>();
  const all = new Map<Method, Orders>();
  const lengths = queries.map(({ passages }) => passages.length);
  const depth = lengths.reduce((sum, length) => sum + length, 0) / queries.length;
  const note = (method: Method, orders: Orders, calls: number, seconds?: number) => {
    all.set(method, orders);
    values.set(method, { scores: judge(queries, orders), calls, seconds });
  };
  const secondsSince = (started: number) => (performance.now() - started) / 1000 / queries.length;
  note('bm25', lengths.map(firstStageOrder), 0);
  const mixed = lengths.map((length) => draw(random, length, length));
  note('random', mixed, 0);

  const pointwise = async (model: T5Model, template: TokenTemplate, method: Method) =>
    withRanker(context, { snapshot: () => model }, async (ranker) => {
      const started = performance.now();
      const scores = await pointwiseScores(ranker, set, template, queries);
      note(method, scores.map(orderByScore), depth, secondsSince(started));
      return scores;
    });
  const allPairs = lengths.every((length) => length <= ALL_PAIRS_DEPTH);
  let bothOrdersAgree: number | undefined;
  await pointwise(models.base, context.templates.relevance, 'relevance');
  if (models.supervised) await pointwise(models.supervised, context.templates.relevance, 'supervised');
  await withRanker(context, { snapshot: () => models.base }, async (ranker) => {
    const started = performance.now();
    if (!allPairs) {
      const { orders, calls } = await heapsortOrders(ranker, set, context.templates.pair, queries, 10);
      note('teacher', orders, calls / queries.length, secondsSince(started));
      const shuffled = queries.map(({ query, passages }, q) => ({
        query,
        passages: mixed[q]!.map((i) => passages[i]!),
      }));
      const again = await heapsortOrders(ranker, set, context.templates.pair, shuffled, 10);
      note(
        'teacherAtRandom',
        again.orders.map((order, q) => order.map((place) => mixed[q]![place]!)),
        again.calls / queries.length,
      );
      return;
    }
    const margins = await pairMargins(ranker, set, context.templates.pair, queries);
    const calls = depth * (depth - 1);
    const rank = (orders: Orders) => orders.map((order, q) => allPairsOrder(margins[q]!, order));
    note('teacher', rank(lengths.map(firstStageOrder)), calls, secondsSince(started));
    note('teacherAtRandom', rank(mixed), calls);
    const sorted = (orders: Orders) => orders.map((order, q) => heapsortOrder(margins[q]!, order));
    for (const [method, orders] of [
      ['heapsort', lengths.map(firstStageOrder)],
      ['heapsortAtRandom', mixed],
    ] as const) {
      const each = sorted(orders);
      const asked = each.reduce((sum, one) => sum + one.calls, 0);
      note(
        method,
        each.map(({ order }) => order),
        asked / queries.length,
      );
    }
    bothOrdersAgree = agreement(margins, queries);
  });
  const scores = await pointwise(models.student, context.templates.student, 'student');
  const { fusionWeight } = models;
  const fused = fusionWeight === undefined ? undefined : fusedOrders(set, queries, scores, fusionWeight);
  if (fused) note('fused', fused, depth);

  const perQuery = perMethod((method) => values.get(method)?.scores.map(round));
  const tauPerQuery = allPairs ? taus(all) : {};
  const differences = compare(perQuery);
  const rows = NAMES.flatMap((method): EvaluationRow[] => {
    const found = values.get(method);
    if (!found) return [];
    const difference = differences.find((one) => one.method === METHODS[method]);
    const tau = tauPerQuery[method];
    return [
      {
        set: name,
        method: METHODS[method],
        queries: queries.length,
        ndcg10: round(mean(found.scores)),
        callsPerQuery: Math.round(found.calls),
        secondsPerQuery: found.seconds === undefined ? undefined : round(found.seconds),
        kendallTau: tau ? round(mean(tau)) : undefined,
        difference: difference
          ? {
              against: difference.against,
              mean: difference.mean,
              low: difference.low,
              high: difference.high,
            }
          : undefined,
      },
    ];
  });
  return {
    rows,
    differences,
    tauDifferences: compareTaus(tauPerQuery),
    bothOrdersAgree: bothOrdersAgree === undefined ? undefined : round(bothOrdersAgree),
    schedule: allPairs ? 'all pairs' : 'heapsort, best ten',
    fusionWeight: fused ? fusionWeight : undefined,
    perQuery,
    tauPerQuery,
  };
}

function agreement(margins: readonly Float32Array[], queries: readonly Query[]): number {
  let agree = 0;
  let pairs = 0;
  for (const [q, { passages }] of queries.entries()) {
    const n = passages.length;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        pairs++;
        if (margins[q]![i * n + j]! > 0 !== margins[q]![j * n + i]! > 0) agree++;
      }
    }
  }
  return agree / Math.max(1, pairs);
}
