/**
 * The base as a teacher. Every ordered pair of a query's first-stage candidates is asked, the
 * decisions become a ranking (PRP all pairs, Eq. 4 and 5), ties by first-stage order.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { throwIfCancelled } from '../../src/errors.ts';
import type { AskedPair } from '../../src/ranking/pair-probability.ts';
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
  /** logit A − logit B of every ordered pair, [n × n] row-major: the decisions themselves. */
  readonly margins: readonly number[];
}

/** The decisions one by one. */
export function decisionsOf({ passages: { length: n }, margins }: LabelledQuery): AskedPair[] {
  return margins.flatMap((margin, k) => {
    const [a, b] = [Math.floor(k / n), k % n];
    return a === b ? [] : [{ a, b, margin }];
  });
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
  const { depth } = lists;
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
    const margins = await pairMargins(ranker, set, templates.pair, tasks);
    const lines = tasks.map(({ query, passages }, t): LabelledQuery => {
      const order = orderByScore(prpScores(margins[t]!, passages.length));
      const ranks = passages.map((_, i) => order.indexOf(i) + 1);
      return { query, passages, ranks, margins: Array.from(margins[t]!, (m) => Math.round(m * 1e4) / 1e4) };
    });
    appendFileSync(path, lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
    done.push(...lines);
    const count = from + tasks.length;
    log.progress(count, todo.length, 'queries', 'label');
    if (count % (5 * CHUNK) === 0 || count === todo.length) {
      const seconds = (performance.now() - started) / 1000;
      const calls = (count * depth * (depth - 1)) / seconds;
      log.detail(
        `label: ${count} of ${todo.length} queries, ${calls.toFixed(0)} calls per second, ${duration((seconds / count) * (todo.length - count))} left`,
      );
    }
  }
  const wanted = new Set(queries);
  return done.filter(({ query }) => wanted.has(query));
}

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
