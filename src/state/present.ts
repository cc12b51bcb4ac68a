/** Presenting: the rail is away, the type is large, and a run may be repeated to show how far its times lie apart. */
import { create } from 'zustand';
import { playground } from './playground.ts';
import { forgetTimings, timingKey, useTimings } from './readings/timings.ts';
import { COLUMNS, useRun } from './run/run.ts';

export const usePresent = create<{ readonly on: boolean; readonly repeatsLeft: number }>()(() => ({
  on: false,
  repeatsLeft: 0,
}));

export const setPresenting = (on: boolean): void => usePresent.setState({ on });

/**
 * Has both models rank the same candidates again and again without kept answers, one after the other. Ends at the
 * first run that does not come to its end.
 * @param measure begins one run; tests give their own
 */
export function repeatRun(times: number, measure: () => void = () => playground.measureAgain()): void {
  if (usePresent.getState().repeatsLeft > 0 || useRun.getState().active) return;
  usePresent.setState({ repeatsLeft: times });
  const earlier = useTimings.getState().byRun;
  const stop = useRun.subscribe((now, before) => {
    if (!before.active || now.active) return;
    const whole = COLUMNS.every((id) => now.columns[id].state === 'done');
    // What was measured before is none of the repeats.
    if (whole && usePresent.getState().repeatsLeft === times) forgetTimings(timingKey(now), earlier);
    const left = whole ? usePresent.getState().repeatsLeft - 1 : 0;
    usePresent.setState({ repeatsLeft: left });
    if (left === 0) stop();
    // After whatever else notices the end of this run.
    else queueMicrotask(next);
  });
  const next = (): void => {
    measure();
    if (useRun.getState().active) return;
    stop();
    usePresent.setState({ repeatsLeft: 0 });
  };
  next();
}
