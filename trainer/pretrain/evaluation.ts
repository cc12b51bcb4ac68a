/**
 * The held-out table: every method re-ranks the same first-stage lists; nDCG@10 against all
 * judgments, and paired 95 % intervals between methods.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationRow } from '../../src/checkpoint/ranker-card.ts';
import { throwIfCancelled } from '../../src/errors.ts';
import { kendallTau } from '../../src/evaluation/correlation.ts';
import { ndcg } from '../../src/evaluation/metrics.ts';
import { pairedDifference } from '../../src/evaluation/significance.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { writeWhole } from '../engine/state.ts';
import type { TrainingContext } from './context.ts';
import { readTrainingSet, type TrainingSet } from './data/training-set.ts';
import type { TokenTemplate } from './prompts.ts';
import {
  heapsortOrders,
  orderByScore,
  pairMargins,
  pointwiseScores,
  prpScores,
  type RankerContext,
} from './ranker.ts';
import { draw } from './sampling.ts';
import { withRanker } from './validation.ts';

export const METHODS = {
  random: 'random order',
  bm25: 'BM25',
  relevance: 'base, relevance (Yes − No)',
  teacher: 'base as teacher, PRP',
  control: "base under the student's prompt (control)",
  student: 'student',
} as const;

type Method = keyof typeof METHODS;

/** Lists up to this long are ranked from all ordered pairs, longer ones by heapsort until ten places are known. */
const ALL_PAIRS_DEPTH = 20;

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
  /** The same for Kendall's τ to the teacher's order; empty where the teacher's order is not whole. */
  readonly tauDifferences: readonly Difference[];
  /** Share of pairs of candidates whose two orders name the same winner; where all were asked. */
  readonly bothOrdersAgree?: number;
  /** How the teacher ranked. */
  readonly schedule: 'all pairs' | 'heapsort, best ten';
  /** nDCG@10 of each query, in the set's order. */
  readonly perQuery: Readonly<Record<Method, readonly number[]>>;
  /** Kendall's τ to the teacher's order, of queries with more than one candidate. */
  readonly tauPerQuery: Readonly<Partial<Record<Method, readonly number[]>>>;
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
  const all = new Map<Method, readonly (readonly number[])[]>();
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
  const note = (method: Method, orders: readonly (readonly number[])[], calls: number, seconds?: number) => {
    all.set(method, orders);
    values.set(method, { scores: judge(orders), calls, seconds });
  };
  const secondsSince = (started: number) => (performance.now() - started) / 1000 / queries.length;
  note('bm25', listed, 0);
  note(
    'random',
    listed.map(({ length }) => draw(random, length, length)),
    0,
  );

  const pointwise = async (ranker: RankerContext, template: TokenTemplate, method: Method) => {
    const started = performance.now();
    const scores = await pointwiseScores(ranker, set, template, queries);
    note(method, scores.map(orderByScore), depth, secondsSince(started));
  };
  const allPairs = queries.every(({ passages }) => passages.length <= ALL_PAIRS_DEPTH);
  let bothOrdersAgree: number | undefined;
  await withRanker(context, { snapshot: () => models.base }, async (ranker) => {
    await pointwise(ranker, context.templates.relevance, 'relevance');
    await pointwise(ranker, context.templates.student, 'control');
    const started = performance.now();
    if (allPairs) {
      const margins = await pairMargins(ranker, set, context.templates.pair, queries);
      const orders = queries.map(({ passages }, q) => orderByScore(prpScores(margins[q]!, passages.length)));
      note('teacher', orders, depth * (depth - 1), secondsSince(started));
      bothOrdersAgree = agreement(margins, queries);
    } else {
      const { orders, calls } = await heapsortOrders(ranker, set, context.templates.pair, queries, 10);
      note('teacher', orders, calls / queries.length, secondsSince(started));
    }
  });
  await withRanker(context, { snapshot: () => models.student }, (ranker) =>
    pointwise(ranker, context.templates.student, 'student'),
  );

  const perQuery = Object.fromEntries(
    (Object.keys(METHODS) as Method[]).map((method) => [method, values.get(method)!.scores.map(round)]),
  ) as Record<Method, number[]>;
  const tauPerQuery = allPairs ? taus(all) : {};
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
      secondsPerQuery: seconds === undefined ? undefined : round(seconds),
      kendallTau: tauPerQuery[method] ? round(mean(tauPerQuery[method])) : undefined,
      difference: found
        ? { against: found.against, mean: found.mean, low: found.low, high: found.high }
        : undefined,
    };
  });
  return {
    rows,
    differences,
    tauDifferences: compareTaus(tauPerQuery),
    bothOrdersAgree: bothOrdersAgree === undefined ? undefined : round(bothOrdersAgree),
    schedule: allPairs ? 'all pairs' : 'heapsort, best ten',
    perQuery,
    tauPerQuery,
  };
}

/** Kendall's τ of every method's order to the teacher's, query by query. */
function taus(orders: ReadonlyMap<Method, readonly (readonly number[])[]>): SetReport['tauPerQuery'] {
  const teacher = orders.get('teacher')!;
  const names = (order: readonly number[]) => order.map(String);
  return Object.fromEntries(
    [...orders]
      .filter(([method]) => method !== 'teacher')
      .map(([method, own]) => [
        method,
        own.flatMap((order, q) => {
          const tau = kendallTau(names(order), names(teacher[q]!));
          return tau === undefined ? [] : [round(tau)];
        }),
      ]),
  );
}

function compareTaus(tauPerQuery: SetReport['tauPerQuery']): Difference[] {
  const { student } = tauPerQuery;
  if (!student) return [];
  return (['control', 'relevance', 'bm25'] as const).map((against) =>
    difference('student', against, student, tauPerQuery[against]!),
  );
}

/** Paired differences of all comparisons over the same queries. */
function compare(perQuery: Readonly<Record<Method, readonly number[]>>): Difference[] {
  return COMPARISONS.map(([method, against]) =>
    difference(method, against, perQuery[method], perQuery[against]),
  );
}

function difference(
  method: Method,
  against: Method,
  values: readonly number[],
  others: readonly number[],
): Difference {
  const { mean, low, high } = pairedDifference(values, others);
  return {
    method: METHODS[method],
    against: METHODS[against],
    mean: round(mean),
    low: round(low),
    high: round(high),
  };
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
  readonly pooledTau: readonly Difference[];
  /** Mean over the sets of their mean differences: no set weighs more than another. */
  readonly averages: readonly { readonly method: string; readonly against: string; readonly mean: number }[];
}

const ROLES = ['base', 'student'] as const;

/** Whose figures a report has: digest of both published models, and how many queries. */
function evaluatedOf(output: string, limit: number): string {
  const hash = createHash('sha256').update(String(limit));
  for (const role of ROLES) hash.update(readFileSync(join(output, role, 'model.safetensors')));
  return hash.digest('hex');
}

/** Whether a folder's table has all these sets, from the models and as many queries as it would have now. */
export function isEvaluated(output: string, names: readonly string[], limit: number): boolean {
  const path = join(output, 'evaluation.json');
  // A model that was moved away is published again, and that is no reason to fail before.
  const needed = [path, ...ROLES.map((role) => join(output, role, 'model.safetensors'))];
  if (!needed.every((file) => existsSync(file))) return false;
  const { of, sets } = JSON.parse(readFileSync(path, 'utf8')) as { of?: string; sets: object };
  return of === evaluatedOf(output, limit) && names.every((name) => name in sets);
}

/** Evaluates on every set in `folder/evaluation`; sets that are in the report of these models already are kept. */
export async function evaluateAll(
  context: TrainingContext,
  models: { readonly base: T5Model; readonly student: T5Model },
  folder: string,
  names: readonly string[],
  limit: number,
): Promise<EvaluationReport> {
  const path = join(context.output, 'evaluation.json');
  const of = evaluatedOf(context.output, limit);
  const earlier = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  const sets: Record<string, SetReport> = earlier?.of === of ? earlier.sets : {};
  for (const [i, name] of names.entries()) {
    if (sets[name]) continue;
    throwIfCancelled(context.signal);
    context.log.progress(i, names.length, 'sets', `evaluating on ${name}`);
    context.log.say(`evaluating on ${name}`);
    sets[name] = await evaluateSet(context, models, name, readTrainingSet(join(folder, name)), limit);
    writeWhole(path, JSON.stringify({ of, sets, ...overall(sets) }));
    for (const { method, ndcg10 } of sets[name].rows) context.log.say(`  ${ndcg10.toFixed(3)}  ${method}`);
    for (const difference of sets[name].differences) context.log.say(describe(difference));
    for (const one of sets[name].tauDifferences)
      context.log.say(`${describe(one)} (Kendall's τ to the teacher)`);
    const { bothOrdersAgree } = sets[name];
    if (bothOrdersAgree !== undefined) {
      context.log.say(`  both orders agree on ${(100 * bothOrdersAgree).toFixed(0)} % of pairs`);
    }
  }
  const result = { sets, ...overall(sets) };
  context.log.say('all sets together');
  for (const one of result.pooled) context.log.say(describe(one));
  for (const one of result.pooledTau) context.log.say(`${describe(one)} (Kendall's τ to the teacher)`);
  return result;
}

/** DL21's longer lists hold the same queries again: they count in their own row, not in the pool. */
function overall(sets: Readonly<Record<string, SetReport>>): Omit<EvaluationReport, 'sets'> {
  const whole = Object.values(sets).filter(({ schedule }) => schedule === 'all pairs');
  const join = (of: (set: SetReport) => Readonly<Partial<Record<Method, readonly number[]>>>) =>
    Object.fromEntries(
      (Object.keys(METHODS) as Method[]).flatMap((method) => {
        const joined = whole.flatMap((set) => of(set)[method] ?? []);
        return joined.length > 0 ? [[method, joined]] : [];
      }),
    ) as Record<Method, number[]>;
  const averages = COMPARISONS.map(([method, against]) => {
    const found = whole.map(({ differences }) =>
      differences.find((one) => one.method === METHODS[method] && one.against === METHODS[against]),
    );
    return {
      method: METHODS[method],
      against: METHODS[against],
      mean: round(mean(found.map((one) => one!.mean))),
    };
  });
  return {
    pooled: compare(join(({ perQuery }) => perQuery)),
    pooledTau: compareTaus(join(({ tauPerQuery }) => tauPerQuery)),
    averages,
  };
}

function describe({ method, against, mean, low, high }: Difference): string {
  return `  ${signed(mean)} [${signed(low)}, ${signed(high)}]  ${method} against ${against}`;
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Math.round(value * 1e4) / 1e4;
