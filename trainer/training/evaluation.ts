/**
 * The held-out table: every method re-ranks the same first-stage lists; nDCG@10 against all
 * judgments, and paired 95 % intervals between methods.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ndcg } from '../../src/evaluation/metrics.ts';
import { pairedDifference } from '../../src/evaluation/significance.ts';
import type { EvaluationRow } from '../../src/inference/ranker-card.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { readTrainingSet, type TrainingSet } from '../data/training-set.ts';
import { writeWhole } from '../engine/state.ts';
import type { TrainingContext } from './context.ts';
import type { TokenTemplate } from './prompts.ts';
import { orderByScore, pairMargins, pointwiseScores, prpScores, type RankerContext } from './ranker.ts';
import { draw } from './sampling.ts';
import { withRanker } from './validation.ts';

export const METHODS = {
  random: 'random order',
  bm25: 'BM25',
  relevance: 'base, relevance (Yes − No)',
  teacher: 'base as teacher, PRP all pairs',
  control: "base under the student's prompt (control)",
  student: 'student',
} as const;

type Method = keyof typeof METHODS;

/** Which differences are reported: a method against another. A row of the card shows its first. */
const COMPARISONS: readonly (readonly [Method, Method])[] = [
  ['relevance', 'bm25'],
  ['teacher', 'bm25'],
  ['student', 'bm25'],
  ['teacher', 'random'],
  ['student', 'random'],
  ['teacher', 'control'],
  ['student', 'control'],
  ['teacher', 'relevance'],
  ['student', 'teacher'],
  ['student', 'relevance'],
];

export interface Difference {
  readonly method: string;
  readonly against: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface SetReport {
  readonly rows: readonly EvaluationRow[];
  /** Paired 95 % intervals of differences in nDCG@10. */
  readonly differences: readonly Difference[];
  /** Share of pairs of candidates whose two orders name the same winner. */
  readonly bothOrdersAgree: number;
  /** nDCG@10 of each query, in the set's order. */
  readonly perQuery: Readonly<Record<Method, readonly number[]>>;
}

interface Query {
  readonly query: number;
  readonly passages: readonly number[];
  readonly keys: readonly string[];
  readonly grades: ReadonlyMap<string, number>;
}

/** Evaluates on one set; `limit` queries at most, in the set's order. */
export async function evaluateSet(
  context: TrainingContext,
  models: { readonly base: T5Model; readonly student: T5Model },
  name: string,
  set: TrainingSet,
  limit: number,
): Promise<SetReport> {
  const queries = readQueries(set).slice(0, limit);
  const random = seededRandom(99);
  const values = new Map<Method, { scores: number[]; calls: number; seconds?: number }>();
  const judge = (orders: readonly (readonly number[])[]) =>
    queries.map(({ keys, grades }, q) =>
      ndcg(
        orders[q]!.map((i) => keys[i]!),
        grades,
        { k: 10 },
      ),
    );
  const listed = queries.map(({ passages }) => passages.map((_, i) => i));
  const depth = listed.reduce((sum, list) => sum + list.length, 0) / queries.length;
  values.set('bm25', { scores: judge(listed), calls: 0 });
  values.set('random', { scores: judge(listed.map(({ length }) => draw(random, length, length))), calls: 0 });

  const pointwise = async (ranker: RankerContext, template: TokenTemplate, method: Method) => {
    const started = performance.now();
    const scores = await pointwiseScores(ranker, set, template, queries);
    const seconds = (performance.now() - started) / 1000 / queries.length;
    values.set(method, { scores: judge(scores.map(orderByScore)), calls: depth, seconds });
  };
  let bothOrdersAgree = 0;
  await withRanker(context, { snapshot: () => models.base }, async (ranker) => {
    await pointwise(ranker, context.templates.relevance, 'relevance');
    await pointwise(ranker, context.templates.student, 'control');
    const started = performance.now();
    const margins = await pairMargins(ranker, set, context.templates.pair, queries);
    const seconds = (performance.now() - started) / 1000 / queries.length;
    const orders = queries.map(({ passages }, q) => orderByScore(prpScores(margins[q]!, passages.length)));
    values.set('teacher', { scores: judge(orders), calls: depth * (depth - 1), seconds });
    bothOrdersAgree = agreement(margins, queries);
  });
  await withRanker(context, { snapshot: () => models.student }, (ranker) =>
    pointwise(ranker, context.templates.student, 'student'),
  );

  const perQuery = Object.fromEntries(
    (Object.keys(METHODS) as Method[]).map((method) => [method, values.get(method)!.scores.map(round)]),
  ) as Record<Method, number[]>;
  const differences = compare(perQuery);
  const rows = (Object.keys(METHODS) as Method[]).map((method): EvaluationRow => {
    const { scores, calls, seconds } = values.get(method)!;
    const found = differences.find((one) => one.method === METHODS[method]);
    return {
      set: name,
      method: METHODS[method],
      queries: queries.length,
      ndcg10: round(mean(scores)),
      callsPerQuery: Math.round(calls),
      ...(seconds === undefined ? {} : { secondsPerQuery: round(seconds) }),
      ...(found && {
        difference: { against: found.against, mean: found.mean, low: found.low, high: found.high },
      }),
    };
  });
  return { rows, differences, bothOrdersAgree: round(bothOrdersAgree), perQuery };
}

/** Paired differences of all comparisons over the same queries. */
function compare(perQuery: Readonly<Record<Method, readonly number[]>>): Difference[] {
  return COMPARISONS.map(([method, against]) => {
    const { mean, low, high } = pairedDifference(perQuery[method], perQuery[against]);
    return {
      method: METHODS[method],
      against: METHODS[against],
      mean: round(mean),
      low: round(low),
      high: round(high),
    };
  });
}

function readQueries(set: TrainingSet): Query[] {
  const keys = set.passageTexts().map(({ key }) => key);
  return set.queryTexts().map(({ judged }, query) => {
    const passages = Array.from(set.candidates(query).passage);
    return { query, passages, keys: passages.map((p) => keys[p]!), grades: new Map(Object.entries(judged)) };
  });
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

export interface EvaluationReport {
  readonly sets: Readonly<Record<string, SetReport>>;
  /** The same differences over the queries of all sets together. */
  readonly pooled: readonly Difference[];
}

/** Evaluates on every set in `folder/evaluation`; sets that are in the report already are kept. */
export async function evaluateAll(
  context: TrainingContext,
  models: { readonly base: T5Model; readonly student: T5Model },
  folder: string,
  names: readonly string[],
  limit: number,
): Promise<EvaluationReport> {
  const path = join(context.output, 'evaluation.json');
  const sets: Record<string, SetReport> = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).sets : {};
  for (const name of names) {
    if (sets[name]) continue;
    context.log.say(`evaluating on ${name}`);
    sets[name] = await evaluateSet(context, models, name, readTrainingSet(join(folder, name)), limit);
    writeWhole(path, JSON.stringify({ sets, pooled: pool(sets) }));
    for (const { method, ndcg10 } of sets[name].rows) context.log.say(`  ${ndcg10.toFixed(3)}  ${method}`);
    for (const difference of sets[name].differences) context.log.say(describe(difference));
    context.log.say(`  both orders agree on ${(100 * sets[name].bothOrdersAgree).toFixed(0)} % of pairs`);
  }
  const pooled = pool(sets);
  context.log.say('all sets together');
  for (const difference of pooled) context.log.say(describe(difference));
  return { sets, pooled };
}

function pool(sets: Readonly<Record<string, SetReport>>): Difference[] {
  const methods = Object.keys(METHODS) as Method[];
  const joined = methods.map((method) => [
    method,
    Object.values(sets).flatMap((set) => set.perQuery[method]),
  ]);
  return compare(Object.fromEntries(joined) as Record<Method, number[]>);
}

function describe({ method, against, mean, low, high }: Difference): string {
  return `  ${signed(mean)} [${signed(low)}, ${signed(high)}]  ${method} against ${against}`;
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Math.round(value * 1e4) / 1e4;
