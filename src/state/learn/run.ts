/** A training as the lesson shows it: its steps so far, as plain data that a lesson's state can hold. */
import type { TrainedStep, TrainSettings, TrainState } from '../../workers/train-protocol.ts';

export interface RunPoint extends TrainedStep, Omit<TrainSettings, 'learningRate'> {}

export interface Run {
  /** Before the first step; undefined while nothing is open. */
  readonly start: TrainState | undefined;
  readonly points: readonly RunPoint[];
}

export const NO_RUN: Run = { start: undefined, points: [] };

export const stepOf = ({ points }: Run): number => points.at(-1)?.step ?? 0;

/** Held-out nDCG@10 by step, where it was measured, the untaught student's first. */
export function ndcgCurve({ start, points }: Run): (readonly [step: number, ndcg: number])[] {
  const all = start ? [start, ...points] : points;
  return all.flatMap(({ step, ndcg }) => (ndcg === undefined ? [] : [[step, ndcg] as const]));
}

export const lossCurve = ({ points }: Run): (readonly [step: number, loss: number])[] =>
  points.map(({ step, loss }) => [step, loss] as const);

/** Scores of a list that are all within it tell nothing apart; an untaught student's lie several tenths apart. */
const FLAT = 0.1;
/** Steps in a row. */
const FLAT_STEPS = 3;

/** Training has failed: the student gives all passages about the same score, or the loss is no longer a number. */
export function hasFailed({ points }: Run): boolean {
  const recent = points.slice(-FLAT_STEPS);
  if (recent.some(({ loss }) => !Number.isFinite(loss))) return true;
  return recent.length === FLAT_STEPS && recent.every(({ scores }) => spread(scores) < FLAT);
}

export const spread = (scores: readonly number[]): number => Math.max(...scores) - Math.min(...scores);
