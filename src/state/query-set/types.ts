/** A set of judged queries that four methods rank, each on the same candidates. */
import type { Candidate, Query } from '../../types.ts';

/** `base`: the undistilled model's own Yes / No question, one call per passage like the student. */
export type SetMethod = 'bm25' | 'base' | 'student' | 'teacher';
export const SET_METHODS: readonly SetMethod[] = ['bm25', 'base', 'student', 'teacher'];
export type ModelMethod = Exclude<SetMethod, 'bm25'>;

/** What a ranking took. */
export interface Cost {
  /** Answers it needed, made now or kept from earlier runs. */
  readonly calls: number;
  /** Of these, kept ones. */
  readonly cached: number;
  /** Wall seconds; with kept answers the sum of the times measured when each was made (speed-up.ts). */
  readonly seconds: number;
}

export interface SetRanking {
  /** Candidate positions, best first. */
  readonly order: readonly number[];
  readonly cost: Cost;
}

/** One query's candidates in BM25's order, and the rankings that are done. */
export interface SetQuery {
  readonly query: Query;
  readonly candidates: readonly Candidate[];
  readonly rankings: Readonly<Partial<Record<SetMethod, SetRanking>>>;
}
