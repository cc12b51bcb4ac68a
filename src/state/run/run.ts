/** The three columns: what each has ranked, how far it is, and what it cost. */
import { create } from 'zustand';
import type { ErrorData } from '../../errors.ts';
import type { ScorerInfo, Truncation } from '../../inference/scorer.ts';
import type { MethodId } from '../../ranking/methods/registry.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import type { RankingTotals, ScoredPassage } from '../../ranking/types.ts';
import type { Bm25Params, SearchHit } from '../../retrieval/types.ts';
import type { Candidate } from '../../types.ts';
import type { DecisionMatrix } from './decision-matrix.ts';

export type ColumnId = 'bm25' | 'student' | 'teacher';
export const COLUMNS: readonly ColumnId[] = ['bm25', 'student', 'teacher'];
export type ColumnState = 'idle' | 'running' | 'done' | 'cancelled' | 'error';
export type ColumnPhase = 'queued' | 'loading' | 'scoring';

export interface ColumnRun {
  readonly state: ColumnState;
  /** What a running column waits for; null otherwise. */
  readonly phase: ColumnPhase | null;
  /** An input has changed since. */
  readonly stale: boolean;
  /** Names the inputs this column was ranked with (see inputs.ts). */
  readonly inputKey: string;
  /** The same of the first stage: columns with the same one ranked the same candidates. */
  readonly baseKey: string;
  readonly query: string;
  /** Id of the sample's query, or a general one. */
  readonly queryId: string;
  /** What BM25 found the candidates with; null before there are any. */
  readonly bm25: Bm25Params | null;
  /** First-stage candidates; `order`, `matrix` and `scored` use positions in this list. */
  readonly candidates: readonly Candidate[];
  /** Candidate positions, best first: the best ranking known so far, always complete. */
  readonly order: readonly number[];
  /** scores[i] belongs to order[i]. */
  readonly scores: readonly number[];
  /** BM25 only: hits with their terms, by candidate position. */
  readonly hits: readonly SearchHit[];
  /** Teacher only; changed in place, watch `version`. */
  readonly matrix: DecisionMatrix | null;
  /** Counts changes of matrix and scored. */
  readonly version: number;
  /** Student only: by candidate position. */
  readonly scored: readonly (ScoredPassage | undefined)[];
  readonly planned: { readonly calls: number; readonly upperBound: boolean } | null;
  /** What this run was expected to ask when it began, and how long a call was expected to take. */
  readonly expected: {
    readonly toAsk: number;
    readonly upperBound: boolean;
    readonly callMs: number | null;
  } | null;
  /** Calls made in this run. */
  readonly asked: number;
  /** Answers that earlier runs had already given. */
  readonly cached: number;
  /** Input tokens of the asked calls. */
  readonly tokens: number;
  /** The answers' own measured milliseconds, all together; of cached ones, of when they were asked. */
  readonly callMs: number;
  /**
   * Measured milliseconds: of the ranking while it goes on, at the end as the worker measured it. After
   * Resume those of the parts before are in it.
   */
  readonly ms: number;
  /** Of `ms`, what was spent before the last Resume. */
  readonly earlierMs: number;
  /** When scoring began (performance.now()), earlier parts counted in; null unless scoring. For a stopwatch. */
  readonly startedAt: number | null;
  readonly totals: RankingTotals | null;
  readonly method: MethodId | 'bm25' | null;
  /** Of the sliding window; null with other methods. */
  readonly passes: number | null;
  readonly info: ScorerInfo | null;
  readonly template: PromptTemplate | null;
  /** By candidate position: what the model's truncation cut of the passage. */
  readonly truncations: ReadonlyMap<number, Truncation>;
  /** Ran at the same time as the other model (race): the clocks slow each other. */
  readonly raced: boolean;
  readonly error: ErrorData | null;
  /** Why there is nothing to see (zero hits, one candidate), in words. */
  readonly explanation: string | null;
}

/** Something the user has to do before anything can be ranked. */
export interface RunMessage {
  readonly text: string;
  /** The box that wants attention; absent when there is nothing to do but wait. */
  readonly focus?: 'query' | 'corpus';
}

export interface Confirmation {
  readonly seconds: number;
  /** To be asked, at most. */
  readonly calls: number;
  readonly upperBound: boolean;
  /** Answers known already. */
  readonly cached: number;
  readonly race: boolean;
  /** The one column that is left to run; absent: the whole run is to begin. */
  readonly column?: ColumnId;
}

export interface RunState {
  readonly columns: Readonly<Record<ColumnId, ColumnRun>>;
  /** True from the click until every column is settled. */
  readonly active: boolean;
  readonly raced: boolean;
  readonly message: RunMessage | null;
  readonly needsConfirmation: Confirmation | null;
}

/** A column without a ranking. */
export const noRanking = {
  inputKey: '',
  baseKey: '',
  query: '',
  queryId: '',
  bm25: null,
  candidates: [],
  order: [],
  scores: [],
  hits: [],
  matrix: null,
  scored: [],
} as const satisfies Partial<ColumnRun>;

/** What a run counts, measures and says, before it has begun. */
export const noCounts = {
  planned: null,
  expected: null,
  asked: 0,
  cached: 0,
  tokens: 0,
  callMs: 0,
  ms: 0,
  earlierMs: 0,
  startedAt: null,
  totals: null,
  error: null,
  explanation: null,
} as const satisfies Partial<ColumnRun>;

export const idleColumn: ColumnRun = {
  ...noRanking,
  ...noCounts,
  state: 'idle',
  phase: null,
  stale: false,
  version: 0,
  method: null,
  passes: null,
  info: null,
  template: null,
  truncations: new Map(),
  raced: false,
};

export const initialRun: RunState = {
  columns: { bm25: idleColumn, student: idleColumn, teacher: idleColumn },
  active: false,
  raced: false,
  message: null,
  needsConfirmation: null,
};

export const useRun = create<RunState>()(() => initialRun);
