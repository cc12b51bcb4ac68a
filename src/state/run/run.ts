/**
 * The runs, by id, and the three columns, each of which shows one. A run is a record of one method over one set of
 * candidates: what it says is the reduction of its log (src/ranking/progress). Where a column is in the course of
 * things (queued, failed, out of date) belongs to the column.
 */

import { create } from 'zustand';
import type { ErrorData } from '../../errors.ts';
import type { RecordedCheckpoint, Recording } from '../../formats/recording/recording.ts';
import type { Fusion } from '../../ranking/fusion.ts';
import type { MethodId } from '../../ranking/methods/registry.ts';
import {
  beginProgress,
  type ComparingProgress,
  kindOf,
  type PointwiseProgress,
} from '../../ranking/progress/progress.ts';
import type { GivenChoices } from '../../ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import type { Bm25Params, SearchHit } from '../../retrieval/types.ts';
import type { Candidate, Query } from '../../types.ts';
import type { Settings } from '../settings.ts';
import type { RunLog } from './run-log.ts';

/** What the runs of one click rank: a query and the candidates that the first stage found, kept once for all of them. */
export interface CandidateSet {
  readonly id: string;
  /** Of a sample, or with a general id. */
  readonly query: Query;
  /** Names the first stage's inputs: sets with the same one have the same candidates. */
  readonly baseKey: string;
  /** What the candidates were found with; null where a recording does not say. */
  readonly firstStage: { readonly bm25: Bm25Params; readonly k: number; readonly fill: boolean } | null;
  /** In first-stage order; runs name a candidate by its position in this list. */
  readonly candidates: readonly Candidate[];
  /** Of a recording: what its file says of grades and origin, which count there in the place of the page's own. */
  readonly recorded?: Pick<Recording, 'grades' | 'gradesElsewhere' | 'made'>;
}

interface RunOfSet {
  readonly id: string;
  readonly set: CandidateSet;
  /** Names the inputs it was ranked with (see inputs.ts); '' for those of a recording, which are nobody's inputs. */
  readonly inputKey: string;
}

export interface FirstStageRun extends RunOfSet {
  readonly kind: 'first-stage';
  readonly method: 'bm25';
  readonly order: readonly number[];
  readonly scores: readonly number[];
  /** Hits with their terms, by candidate position. */
  readonly hits: readonly SearchHit[];
  /** Measured milliseconds of the search. */
  readonly ms: number;
}

/** With those choices of a schedule that its method takes. */
interface ModelRunOfSet extends RunOfSet, GivenChoices {
  readonly method: MethodId;
  /** Ranked by the paper's Eq. 2 instead of by logits, where the method offers both. */
  readonly trueProbabilities: boolean;
  /** Its ranking is fused with the first stage's. */
  readonly fusion?: Fusion;
  /** null until the model is there to be asked. */
  readonly template: PromptTemplate | null;
  readonly info: RecordedCheckpoint | null;
  /** Ran at the same time as the other model (race): the clocks slow each other. */
  readonly raced: boolean;
  readonly log: RunLog;
}

export type PointwiseRun = ModelRunOfSet & PointwiseProgress;
export type ComparingRun = ModelRunOfSet & ComparingProgress;
/** A method that asks a model. */
export type ModelRun = PointwiseRun | ComparingRun;
export type Run = FirstStageRun | ModelRun;

export type ColumnId = 'bm25' | 'student' | 'teacher';
export const COLUMNS: readonly ColumnId[] = ['bm25', 'student', 'teacher'];
export type ColumnState = 'idle' | 'running' | 'done' | 'cancelled' | 'error';
export type ColumnPhase = 'queued' | 'loading' | 'scoring';

export interface Column {
  readonly state: ColumnState;
  /** What a running column waits for; null otherwise. */
  readonly phase: ColumnPhase | null;
  /** An input has changed since the run it shows. */
  readonly stale: boolean;
  /** Id of the run it shows; null where there is none. */
  readonly shows: string | null;
  /** A run was asked for and has, or had, no candidates yet: the one that is shown is of before. */
  readonly waiting: boolean;
  /** What the run was expected to ask when it began, and how long a call was expected to take. */
  readonly expected: {
    readonly toAsk: number;
    readonly upperBound: boolean;
    readonly callMs: number | null;
  } | null;
  /** When scoring began (performance.now()), earlier parts counted in; null unless scoring. For a stopwatch. */
  readonly startedAt: number | null;
  readonly error: ErrorData | null;
  /** Why there is nothing to see (zero hits, one candidate), in words. */
  readonly explanation: string | null;
}

/** A column with the run it shows. */
export interface ShownColumn extends Column {
  readonly run: Run | null;
}

/** Something the user has to do before anything can be ranked. */
export interface RunMessage {
  readonly text: string;
  /** The box that wants attention; absent when there is nothing to do but wait. */
  readonly focus?: 'query' | 'corpus';
}

/** What takes less time than a long run (shorter-runs.ts). */
export interface ShorterRun {
  /** What changes, for a button: `Heapsort`, `20 candidates`. */
  readonly title: string;
  readonly settings: Partial<Pick<Settings, 'schedule' | 'k'>>;
  /** To be asked, at most. */
  readonly calls: number;
  readonly upperBound: boolean;
  readonly seconds: number;
}

/** What a service would be asked. */
export interface RemoteAsk {
  readonly host: string;
  readonly calls: number;
  readonly upperBound: boolean;
  /** About; null: not known yet. */
  readonly inputTokens: number | null;
  /** At most. */
  readonly outputTokens: number;
  /** At most, in the currency of the price; null: no price, or no tokens. */
  readonly cost: number | null;
}

export interface Confirmation {
  /** Present: a service is about to be asked, which always needs a word. */
  readonly remote?: RemoteAsk;
  readonly seconds: number;
  /** To be asked, at most. */
  readonly calls: number;
  readonly upperBound: boolean;
  /** Answers known already. */
  readonly cached: number;
  readonly race: boolean;
  /** What takes less time. */
  readonly shorter: readonly ShorterRun[];
  /** The one column that is left to run; absent: the whole run is to begin. */
  readonly column?: ColumnId;
}

export interface RunState extends Columns {
  /** True from the click until every column is settled. */
  readonly active: boolean;
  readonly raced: boolean;
  readonly message: RunMessage | null;
  readonly needsConfirmation: Confirmation | null;
  /** The user's own columns while a recording stands in their place (state/recording); null otherwise. */
  readonly aside: Columns | null;
}

/** The columns and their runs. */
export interface Columns {
  readonly columns: Readonly<Record<ColumnId, Column>>;
  /** By id: those that a column shows. */
  readonly runs: Readonly<Record<string, Run>>;
}

/** The user's own, whether or not a recording is shown: what is kept, and what a run goes on from. */
export const ownColumns = ({ aside, columns, runs }: RunState): Columns => aside ?? { columns, runs };

/** It is of a recording: read only, and its figures were measured elsewhere. */
export const isRecorded = (run: Run | null): boolean => run?.set.recorded !== undefined;

export const idleColumn: Column = {
  state: 'idle',
  phase: null,
  stale: false,
  shows: null,
  waiting: false,
  expected: null,
  startedAt: null,
  error: null,
  explanation: null,
};

export const initialRun: RunState = {
  columns: { bm25: idleColumn, student: idleColumn, teacher: idleColumn },
  runs: {},
  active: false,
  raced: false,
  message: null,
  needsConfirmation: null,
  aside: null,
};

export const useRun = create<RunState>()(() => initialRun);

const joined = new WeakMap<Column, ShownColumn>();

/** A column with the run it shows; the same object as long as neither changes. */
export function columnOf({ columns, runs }: Columns, id: ColumnId): ShownColumn {
  const column = columns[id];
  const run = (column.shows !== null && runs[column.shows]) || null;
  const before = joined.get(column);
  if (before?.run === run) return before;
  const now = { ...column, run };
  joined.set(column, now);
  return now;
}

/** A column and its run, as they are now. */
export const useColumn = (id: ColumnId): ShownColumn => useRun((state) => columnOf(state, id));

/** The model's run that a column is about: none while it shows one of before. */
export function modelRunOf({ run, waiting }: ShownColumn): ModelRun | null {
  return run === null || waiting || run.kind === 'first-stage' ? null : run;
}

/** Of a column that shows no run, or one that has no candidates. */
export const candidatesOf = ({ run }: Pick<ShownColumn, 'run'>): readonly Candidate[] =>
  run?.set.candidates ?? NONE;

const NONE: readonly Candidate[] = [];

/** A model's run before its first event: it shows the first stage's order. */
export function beginRun(of: Omit<ModelRunOfSet, 'template' | 'info'>): ModelRun {
  const progress = beginProgress(kindOf(of.method), of.set.candidates.length);
  return { ...of, template: null, info: null, ...progress };
}
