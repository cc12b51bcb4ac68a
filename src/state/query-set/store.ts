/** The query set that runs or ran last: its results so far and how far it is. */
import { create } from 'zustand';
import type { ErrorData } from '../../errors.ts';
import type { ColumnState } from '../run/run.ts';
import type { ModelMethod, SetMethod, SetQuery } from './types.ts';

export interface SetProgress {
  /** Queries ranked by every method. */
  readonly queriesDone: number;
  readonly method: SetMethod | null;
  readonly answered: number;
  /** At most. */
  readonly planned: number;
  /** null while the pace of a method is not known yet. */
  readonly secondsLeft: number | null;
}

export interface QuerySetState {
  readonly state: ColumnState;
  /** `queued`: a run of the three columns goes first. */
  readonly phase: 'queued' | 'loading' | 'scoring' | null;
  /** Names what was ranked and how (everything but the query); stale when it is no longer what is set. */
  readonly key: string;
  readonly stale: boolean;
  /** Of the corpus; another corpus has another set. */
  readonly fingerprint: string;
  readonly k: number;
  /** BM25 and the methods whose model there is. */
  readonly methods: readonly SetMethod[];
  readonly queries: readonly SetQuery[];
  readonly progress: SetProgress;
  readonly error: ErrorData | null;
}

export const noProgress: SetProgress = {
  queriesDone: 0,
  method: null,
  answered: 0,
  planned: 0,
  secondsLeft: null,
};

export const initialQuerySet: QuerySetState = {
  state: 'idle',
  phase: null,
  key: '',
  stale: false,
  fingerprint: '',
  k: 0,
  methods: [],
  queries: [],
  progress: noProgress,
  error: null,
};

export const useQuerySet = create<QuerySetState>()(() => initialQuerySet);

/** Queries that every one of the methods has ranked. */
export function complete(
  queries: readonly SetQuery[],
  methods: readonly (ModelMethod | SetMethod)[],
): number {
  return queries.filter(({ rankings }) => methods.every((method) => rankings[method] !== undefined)).length;
}
