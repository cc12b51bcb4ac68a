/** What a run has come to: a reduction of its events, of one kind where passages are scored and another where they are compared. */
import type { Truncation } from '../../inference/scorer.ts';
import { type MethodId, methodNamed } from '../methods/registry.ts';
import { scoresAlone } from '../template.ts';
import type { RankingTotals, ScoredPassage, Timed, TimedEvent } from '../types.ts';
import { DecisionMatrix } from './decision-matrix.ts';

/**
 * An entry of a run's log. `at` counts from the beginning of the run; the time between its being stopped and its
 * being resumed is not in it. After `resumed` the answers of before come again, as cached ones.
 */
export type LogEvent = TimedEvent | ({ readonly type: 'resumed' } & Timed);

interface Answered {
  /** Candidate positions, best first: the best ranking known so far, always complete. */
  readonly order: readonly number[];
  /** scores[i] belongs to order[i]; NaN until there is one. */
  readonly scores: readonly number[];
  readonly planned: { readonly calls: number; readonly upperBound: boolean } | null;
  /** Calls made since the run began or was last resumed. */
  readonly asked: number;
  /** Answers that were known already. */
  readonly cached: number;
  /** Input tokens of the asked calls. */
  readonly tokens: number;
  /** The answers' own measured milliseconds, all together; of cached ones, of when they were asked. */
  readonly callMs: number;
  /** Milliseconds of the ranking so far, all its parts together. */
  readonly ms: number;
  /** Of `ms`, what was spent before it was last resumed. */
  readonly earlierMs: number;
  /** Of a ranking that is whole. */
  readonly totals: RankingTotals | null;
  /** By candidate position: the most that was cut of the passage to fit. */
  readonly truncations: ReadonlyMap<number, Truncation>;
  /** Counts changes of `scored` and `matrix`. */
  readonly version: number;
}

export interface PointwiseProgress extends Answered {
  readonly kind: 'pointwise';
  /** By candidate position. */
  readonly scored: readonly (ScoredPassage | undefined)[];
}

export interface ComparingProgress extends Answered {
  readonly kind: 'comparing';
  /**
   * Pairs that were decided; changed in place as events are applied: watch `version`. Setwise comparisons and windows
   * that were put in order are in the log.
   */
  readonly matrix: DecisionMatrix;
}

export type Progress = PointwiseProgress | ComparingProgress;

/** Whether a method scores passages one by one or compares them. */
export const kindOf = (method: MethodId): Progress['kind'] =>
  scoresAlone(methodNamed(method).kind) ? 'pointwise' : 'comparing';

/** A run over n candidates before its first event: in first-stage order, without scores. */
export function beginProgress(kind: Progress['kind'], n: number): Progress {
  const positions = Array.from({ length: n }, (_, i) => i);
  const answered: Answered = {
    order: positions,
    scores: positions.map(() => Number.NaN),
    planned: null,
    asked: 0,
    cached: 0,
    tokens: 0,
    callMs: 0,
    ms: 0,
    earlierMs: 0,
    totals: null,
    truncations: new Map(),
    version: 0,
  };
  return kind === 'pointwise'
    ? { ...answered, kind, scored: positions.map(() => undefined) }
    : { ...answered, kind, matrix: new DecisionMatrix(n) };
}
