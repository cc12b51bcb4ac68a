/** How long a running column will still take, from the speed of this very run as soon as it has one. */
import type { Column, ModelRun } from '../run/run.ts';

export interface TimeLeft {
  readonly seconds: number;
  /** The schedule may need fewer calls. */
  readonly upperBound: boolean;
}

/** Fewer calls than this say little about a run's speed: until then it is the speed expected of the model. */
const ENOUGH_CALLS = 5;

/**
 * What is still to be asked, at the wall time that a call has taken so far. null where nothing is left, or
 * nothing can be said: before scoring, and for a model whose speed is not known yet.
 */
export function timeLeft(
  { phase, expected }: Pick<Column, 'phase' | 'expected'>,
  run: Pick<ModelRun, 'planned' | 'asked' | 'cached' | 'ms' | 'earlierMs'>,
): TimeLeft | null {
  const { planned, asked, cached, ms, earlierMs } = run;
  if (phase !== 'scoring' || !planned || !expected) return null;
  // Two bounds: answers the ranking lacks, cached or not, and calls that were expected less those made.
  const calls = Math.min(planned.calls - asked - cached, expected.toAsk - asked);
  const measured = asked >= ENOUGH_CALLS ? (ms - earlierMs) / asked : null;
  const callMs = measured ?? expected.callMs;
  if (!(calls > 0) || callMs === null) return null;
  return { seconds: (calls * callMs) / 1000, upperBound: expected.upperBound };
}
