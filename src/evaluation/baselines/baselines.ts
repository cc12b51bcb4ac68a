/**
 * Rankings that ask no model: what any method has to beat. Random order and popularity are rows of the paper's table of
 * conversational recommendation (section 4.4).
 */
import { RankscopeError } from '../../errors.ts';
import { seededRandom } from '../../random.ts';
import { type Ranking, rankByScore } from '../../ranking/orders.ts';
import { textHash } from '../../text-hash.ts';
import type { Grades } from '../../types.ts';

export interface Baseline {
  /** In options, files and runs' tags. */
  readonly id: BaselineId;
  /** In the page's words. */
  readonly title: string;
  /** One line of help, without a full stop. */
  readonly summary: string;
}

export type BaselineId = 'random' | 'popularity';

export const BASELINES: readonly Baseline[] = [
  {
    id: 'random',
    title: 'random',
    summary: 'no model: the candidates in an order drawn with a seed',
  },
  {
    id: 'popularity',
    title: 'popularity',
    summary: 'no model: by how often each passage is mentioned, as a file beside the corpus counts it',
  },
];

export const BASELINE_IDS: readonly BaselineId[] = BASELINES.map(({ id }) => id);

export const isBaselineId = (id: unknown): id is BaselineId => BASELINE_IDS.includes(id as BaselineId);

export const baselineNamed = (id: BaselineId): Baseline => BASELINES.find((one) => one.id === id)!;

/** Passage id → how often it is mentioned. */
export type Counts = ReadonlyMap<string, number>;

export interface BaselineFacts {
  /** Of the random order: another seed is another order. */
  readonly seed?: number;
  /** Needed by popularity. */
  readonly counts?: Counts;
}

/** The seed where none is given. */
export const DEFAULT_SEED = 1;

/**
 * @param ids the query's candidates, in first-stage order
 * @throws RankscopeError 'bad-input' where popularity has no counts
 */
export function rankBaseline(
  id: BaselineId,
  query: string,
  ids: readonly string[],
  { seed = DEFAULT_SEED, counts }: BaselineFacts,
): Ranking {
  if (id === 'random') return randomOrder(query, ids, seed);
  if (!counts) throw new RankscopeError('bad-input', NO_COUNTS);
  return byPopularity(ids, counts);
}

export const NO_COUNTS =
  'Popularity needs a file that counts how often each passage is mentioned: popularity.csv or popularity.tsv with the ' +
  'columns id and count beside the corpus, or ReDial’s movies_with_mentions.csv.';

/**
 * Each candidate draws a number of its own from seed, query and its id, so that a passage's luck does not depend on which
 * others are there. Uniform over orders; equal for equal input, on every machine.
 */
export function randomOrder(query: string, ids: readonly string[], seed: number): Ranking {
  return rankByScore(
    ids.map((id) => seededRandom(Number.parseInt(textHash(`${seed}\n${query}\n${id}`), 36) >>> 0)()),
  );
}

/** Most mentioned first; passages without a count have 0, equal counts keep first-stage order. */
export function byPopularity(ids: readonly string[], counts: Counts): Ranking {
  return rankByScore(ids.map((id) => counts.get(id) ?? 0));
}

/**
 * What a random order gets in Acc@1 on average over all orders: the share of relevant ones among the candidates; 0 without any.
 * @param level lowest grade that counts as relevant
 */
export function expectedAccuracy(ids: readonly string[], grades: Grades, level = 1): number {
  if (ids.length === 0) return 0;
  return ids.filter((id) => (grades.get(id) ?? 0) >= level).length / ids.length;
}
