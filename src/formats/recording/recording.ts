/**
 * A recording: everything that the runs over one query's candidates consisted of, with the times of their events, so
 * that it can be looked at, compared and replayed without a model. A file of one is "Decisions (JSON)" of version 2
 * (write.ts, read.ts); one of version 1, or without logs, is a recording without times.
 */

import type { ScorerInfo } from '../../inference/scorer.ts';
import type { Fusion } from '../../ranking/fusion.ts';
import type { MethodId } from '../../ranking/methods/registry.ts';
import type { LogEvent, Progress } from '../../ranking/progress/progress.ts';
import type { GivenChoices } from '../../ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import type { Bm25Params } from '../../retrieval/types.ts';
import type { Candidate, Grades, Query } from '../../types.ts';
import type { MethodState } from '../decisions.ts';

export interface Recording {
  readonly query: Query;
  /** UTF-16 units of the query that the models read, where it was cut to fit. */
  readonly queryCut?: { readonly kept: number; readonly total: number };
  /** How the first stage found the candidates; undefined where that was not recorded. */
  readonly firstStage?: { readonly bm25: Bm25Params; readonly k: number; readonly fill: boolean };
  /** State of the first stage. */
  readonly state: MethodState;
  /** In first-stage order. */
  readonly candidates: readonly Candidate[];
  /** By passage id. */
  readonly grades: Grades;
  /** Grades above 0 of judged passages that are not among the candidates: the ideal of nDCG has them too. */
  readonly gradesElsewhere?: readonly number[];
  /** When (ISO 8601) and on what machine the runs were made, as far as the file says so. */
  readonly made?: { readonly at: string; readonly on?: string };
  /** At most one of each column: what has not run is not there. */
  readonly runs: readonly RecordedRun[];
}

/** What computed a run's numbers; files of version 1 do not name runtime and threads. */
export type RecordedCheckpoint = Pick<ScorerInfo, 'name' | 'digest' | 'dtype' | 'device'> &
  Partial<Pick<ScorerInfo, 'threads' | 'runtime' | 'alone' | 'service'>>;

/** With the choices of its schedule, where it takes any. */
export interface RecordedRun extends GivenChoices {
  /** The column that it stood in. */
  readonly column: 'student' | 'teacher';
  readonly kind: Progress['kind'];
  readonly method: MethodId;
  readonly trueProbabilities?: boolean;
  /** Its rankings are those of a fusion with the first stage. */
  readonly fusion?: Fusion;
  /** Ran at the same time as the other model. */
  readonly raced?: boolean;
  readonly template: PromptTemplate | null;
  readonly checkpoint: RecordedCheckpoint | null;
  readonly state: MethodState;
  /** The events have times; without, all are at 0 and stand in the file's order. */
  readonly timed: boolean;
  readonly events: readonly LogEvent[];
}
