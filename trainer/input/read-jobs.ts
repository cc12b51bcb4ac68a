/** Queries with their candidates from a file, checked before anything is computed. */
import type { CandidateList } from '../../src/formats/hits.ts';
import type { Query } from '../../src/types.ts';
import { readLists } from './lists.ts';

export { readText } from './stream-text.ts';

/** A query's candidates and the line of the file they begin on. */
export interface RankJob extends CandidateList {
  /** Absent where the candidates did not come from one file. */
  readonly line: number | undefined;
  /** The query as the model is asked it, where it had to be cut: see fit-queries.ts. */
  readonly asked?: Query;
}

/**
 * Reads RankGPT hits, rank_llm requests or InstructDistill's training lists (JSON or JSON lines, of any
 * size; labels are hits too) and keeps the first `k` candidates of each.
 * @throws RankscopeError 'missing' when there is no such file, 'bad-input' with file, line and reason.
 */
export const readJobs: typeof readLists = readLists;

/** Ids as a ranking of these lists will have them. */
export const rankedIds = (jobs: readonly CandidateList[]) =>
  jobs.map(({ query, candidates }) => ({
    query: query.id,
    passages: candidates.map(({ passage }) => passage.id),
  }));
