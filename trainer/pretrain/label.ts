/**
 * The base as a teacher. Every ordered pair of a query's first-stage candidates is asked, the
 * decisions become a ranking (PRP all pairs, Eq. 4 and 5), ties by first-stage order. Or a connected draw of pairs is
 * asked in both orders, and Bradley and Terry's strengths are the ranking.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { throwIfCancelled } from '../../src/errors.ts';
import { bradleyTerry } from '../../src/ranking/bradley-terry.ts';
import type { AskedPair } from '../../src/ranking/pair-probability.ts';
import { PairTable, preference } from '../../src/ranking/pair-table.ts';
import type { OrderedPair } from '../../src/ranking/schedules/schedule.ts';
import { sparsePairs } from '../../src/ranking/schedules/sparse.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import { writeWhole } from '../engine/state.ts';
import type { TrainingContext } from './context.ts';
import { duration } from './log.ts';
import { orderByScore, pairMargins, prpScores, type RankerContext } from './ranker.ts';
import type { Recipe } from './recipe.ts';
import { pick } from './sampling.ts';

export interface LabelledQuery {
  readonly query: number;
  /** Passage indices in first-stage order. */
  readonly passages: readonly number[];
  /** Teacher's rank of each passage, 1 = best. */
  readonly ranks: readonly number[];
  /** logit A − logit B of every ordered pair, [n × n] row-major: the decisions themselves. 0 where not asked. */
  readonly margins: readonly number[];
  /** Where not all pairs were asked: those that were, as [a, b] for places of `passages`, in both orders each. */
  readonly asked?: readonly OrderedPair[];
}

/** The decisions one by one. */
export function decisionsOf({ passages: { length: n }, margins, asked }: LabelledQuery): AskedPair[] {
  if (asked) return asked.map(([a, b]) => ({ a, b, margin: margins[a * n + b]! }));
  return margins.flatMap((margin, k) => {
    const [a, b] = [Math.floor(k / n), k % n];
    return a === b ? [] : [{ a, b, margin }];
  });
}

/**
 * The probability that i is better than j by strengths of Bradley and Terry's model, for all pairs, asked or not.
 * @returns [n × n], row-major; NaN on the diagonal
 */
export function strengthProbabilities(n: number, decisions: readonly AskedPair[]): Float64Array {
  const { strengths } = bradleyTerry(tableOf(n, decisions));
  const probability = (i: number, j: number) => 1 / (1 + Math.exp(strengths[j]! - strengths[i]!));
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return i === j ? Number.NaN : probability(i, j);
  });
}

function tableOf(n: number, decisions: readonly AskedPair[]): PairTable {
  const table = new PairTable(n);
  for (const { a, b, margin } of decisions) table.set(a, b, preference(margin, 0));
  return table;
}

/** The pairs that the teacher is asked of a list: a connected draw of its own for each query, or all (undefined). */
function pairsOf(recipe: Pick<Recipe, 'seed'>, lists: Recipe['label'], query: number, n: number) {
  if (lists.pairs === undefined) return undefined;
  // A circle in random order: every pair in the order in which it is drawn first, then turned round.
  const drawn = sparsePairs(n, Math.min(lists.pairs, (n * (n - 1)) / 2), recipe.seed * 104_729 + query);
  return drawn.flatMap(([a, b]): OrderedPair[] => [
    [a, b],
    [b, a],
  ]);
}

const CHUNK = 20;

/** Labels until every query has a line in `path` (JSONL); lines that are there are kept. */
export async function labelQueries(
  context: TrainingContext,
  ranker: RankerContext,
  queries: readonly number[],
  lists: Recipe['label'],
  path: string,
): Promise<LabelledQuery[]> {
  const { set, templates, log } = context;
  const chooser = listChooser(context, lists);
  const found = readLabels(path);
  // Whole chunks only: a prompt's logits differ in the last bits with its batch-mates, and a resumed run's labels
  // are to be those of one that was never stopped.
  const done = found.length >= queries.length ? found : found.slice(0, found.length - (found.length % CHUNK));
  const known = new Set(done.map(({ query }) => query));
  const todo = queries.filter((query) => !known.has(query));
  // A line that was cut short when the run was stopped must not stay.
  writeWhole(path, done.map((one) => `${JSON.stringify(one)}\n`).join(''));
  mkdirSync(dirname(path), { recursive: true });
  const started = performance.now();
  log.progress(0, todo.length, 'queries', 'label');
  for (let from = 0; from < todo.length; from += CHUNK) {
    throwIfCancelled(context.signal);
    const tasks = todo.slice(from, from + CHUNK).map((query) => ({ query, passages: chooser(query) }));
    const asked = tasks.map(({ query, passages }) => pairsOf(context.recipe, lists, query, passages.length));
    const margins = await pairMargins(
      ranker,
      set,
      templates.pair,
      tasks.map((task, t) => ({ ...task, pairs: asked[t] })),
    );
    const lines = tasks.map(({ query, passages }, t): LabelledQuery => {
      const rounded = Array.from(margins[t]!, (m) => Math.round(m * 1e4) / 1e4);
      const pairs = asked[t];
      if (!pairs) {
        const ranks = ranksOf(orderByScore(prpScores(margins[t]!, passages.length)));
        return { query, passages, ranks, margins: rounded };
      }
      const decisions = pairs.map(([a, b]) => ({ a, b, margin: rounded[a * passages.length + b]! }));
      const { order } = bradleyTerry(tableOf(passages.length, decisions));
      return { query, passages, ranks: ranksOf(order), margins: rounded, asked: pairs };
    });
    appendFileSync(path, lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
    done.push(...lines);
    const count = from + tasks.length;
    log.progress(count, todo.length, 'queries', 'label');
    if (count % (5 * CHUNK) === 0 || count === todo.length) {
      const seconds = (performance.now() - started) / 1000;
      const calls = (count * callsOf(lists)) / seconds;
      log.detail(
        `label: ${count} of ${todo.length} queries, ${calls.toFixed(0)} calls per second, ${duration((seconds / count) * (todo.length - count))} left`,
      );
    }
  }
  const wanted = new Set(queries);
  return done.filter(({ query }) => wanted.has(query));
}

/** Calls that the labels of one query take. */
export const callsOf = ({ depth, pairs }: Recipe['label']): number =>
  pairs === undefined ? depth * (depth - 1) : 2 * pairs;

/** Rank of each item, 1 = best. */
const ranksOf = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i) + 1);

/** BM25's best `depth` candidates, in its order. */
export function firstStage({ set }: Pick<TrainingContext, 'set'>, query: number, depth: number): number[] {
  const { passage, rank } = set.candidates(query);
  return Array.from(passage)
    .filter((_, i) => rank[i]! > 0)
    .slice(0, depth);
}

/**
 * What the teacher ranks of a query: `depth` passages. First the first stage's best; then `deep` spread over its
 * candidates further down, so that the student also learns what a first stage lists low; then `random` that other
 * queries of the same collection found: what is plainly off.
 */
export function listChooser(
  context: Pick<TrainingContext, 'set'> & { readonly recipe: Pick<Recipe, 'seed'> },
  { depth, deep, random: count }: Omit<Recipe['label'], 'queries'>,
): (query: number) => number[] {
  const { set, recipe } = context;
  const { queryCollection } = set.arrays;
  const groups = set.meta.collections.map((_, code) =>
    [...queryCollection.keys()].filter((query) => queryCollection[query] === code),
  );
  return (query) => {
    const all = firstStage(context, query, Infinity);
    const top = all.slice(0, depth - deep - count);
    const rest = all.slice(top.length);
    const step = rest.length / Math.max(1, deep);
    const spread = Array.from(
      { length: Math.min(deep, rest.length) },
      (_, i) => rest[Math.floor((i + 0.5) * step)]!,
    );
    const chosen = new Set([...top, ...spread]);
    // A sequence of its own for each query: what is asked of one does not depend on which others are asked.
    const random = seededRandom(recipe.seed * 7919 + query);
    const others = groups[queryCollection[query]!]!;
    for (let tries = 0; chosen.size < depth && tries < 100 * count; tries++) {
      const found = firstStage(context, pick(random, others), Infinity);
      if (found.length > 0) chosen.add(pick(random, found));
    }
    return [...chosen];
  };
}

function readLabels(path: string): LabelledQuery[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as LabelledQuery];
      } catch {
        return [];
      }
    });
}
