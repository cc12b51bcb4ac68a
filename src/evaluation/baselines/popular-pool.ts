/**
 * Candidates of a recommendation: beside what the search finds, popular passages, so that popularity bias has a chance to
 * show (Hou et al. 2023; Sun et al. 2023, section 4.3: BM25's first 5 and 4 movies that are mentioned more than 200 times,
 * drawn in proportion to how often they are).
 */

import { seededRandom } from '../../random.ts';
import { textHash } from '../../text-hash.ts';
import type { Candidate, Grades, Passage } from '../../types.ts';
import type { Counts } from './baselines.ts';

export interface PoolOptions {
  /** Popular passages that are added; 0: none. */
  readonly popular: number;
  /** Only passages that are mentioned more often than this. */
  readonly above: number;
  readonly seed: number;
  /** A query none of whose candidates is relevant gets none at all. */
  readonly answerable: boolean;
}

/** The paper's threshold, of ReDial. */
export const POPULAR_ABOVE = 200;

export const PLAIN_POOL: PoolOptions = { popular: 0, above: POPULAR_ABOVE, seed: 1, answerable: false };

/** Most popular passages that may be added. */
export const MOST_POPULAR = 100;

export const isPlainPool = ({ popular, answerable }: PoolOptions): boolean => popular === 0 && !answerable;

/**
 * Draws without replacement, each time in proportion to the counts of what is left (Efraimidis and Spirakis 2006: the largest
 * u^(1/count) first). What a passage draws depends on seed, query and its id alone.
 * @param taken ids that are not drawn
 * @returns ids in the order of the draw; fewer where there are no more
 */
export function drawPopular(
  query: string,
  taken: ReadonlySet<string>,
  counts: Counts,
  { popular, above, seed }: Pick<PoolOptions, 'popular' | 'above' | 'seed'>,
): string[] {
  const drawn: { readonly id: string; readonly key: number }[] = [];
  for (const [id, count] of counts) {
    if (!(count > above) || taken.has(id)) continue;
    const uniform = seededRandom(Number.parseInt(textHash(`${seed}\n${query}\n${id}`), 36) >>> 0)();
    drawn.push({ id, key: Math.log(uniform || Number.MIN_VALUE) / count });
  }
  return drawn
    .sort((a, b) => b.key - a.key)
    .slice(0, popular)
    .map(({ id }) => id);
}

/**
 * What the search found, and behind it the popular passages with the score 0 (less where the last one found has less).
 * @param found best first, ranks from 1
 * @param passage of an id; undefined where the corpus lacks it
 */
export function withPopular(
  query: string,
  found: readonly Candidate[],
  options: PoolOptions,
  { counts, passage, grades }: PoolFacts,
): readonly Candidate[] {
  const added = options.popular > 0 && counts ? popularPassages(query, found, options, counts, passage) : [];
  const score = Math.min(0, found.at(-1)?.score ?? 0);
  const all =
    added.length === 0
      ? found
      : [...found, ...added.map((one, i) => ({ passage: one, rank: found.length + i + 1, score }))];
  if (!options.answerable) return all;
  return all.some((one) => (grades?.get(one.passage.id) ?? 0) > 0) ? all : [];
}

function popularPassages(
  query: string,
  found: readonly Candidate[],
  options: PoolOptions,
  counts: Counts,
  passage: PoolFacts['passage'],
): readonly Passage[] {
  const taken = new Set(found.map((one) => one.passage.id));
  // Ids that the corpus lacks may be among them: all are drawn, and the first that are there are taken.
  const ids = drawPopular(query, taken, counts, { ...options, popular: Number.POSITIVE_INFINITY });
  return ids.flatMap((id) => passage(id) ?? []).slice(0, options.popular);
}

export interface PoolFacts {
  readonly counts?: Counts;
  readonly passage: (id: string) => Passage | undefined;
  readonly grades?: Grades;
}

/** In a note: how candidates were put together. */
export function poolText({ popular, above, seed, answerable }: PoolOptions): string[] {
  return [
    ...(popular > 0
      ? [
          `${popular} popular passages (mentioned more than ${above} times) were added to each query’s candidates, drawn in proportion to their mentions with seed ${seed}.`,
        ]
      : []),
    ...(answerable ? ['Queries without a relevant candidate are left out.'] : []),
  ];
}
