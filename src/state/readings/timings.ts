/**
 * Times of this session's fresh runs, so that a ranking that was measured more than once shows how far
 * its times lie apart. Only what speed-up.ts calls a ratio counts: warm, and every call really made.
 */
import { create } from 'zustand';
import { type Columns, columnOf, useRun } from '../run/run.ts';
import { conditions, speedUp } from './speed-up.ts';

/** Seconds of one fresh run. */
export interface Timing {
  readonly student: number;
  readonly teacher: number;
}

/** Shortest, longest and median seconds of `runs` fresh runs. */
export interface TimeRange {
  readonly runs: number;
  readonly student: readonly [low: number, high: number];
  readonly teacher: readonly [low: number, high: number];
  readonly median: Timing;
}

export const useTimings = create<{ readonly byRun: ReadonlyMap<string, readonly Timing[]> }>()(() => ({
  byRun: new Map(),
}));

/** Names what was ranked and on what: only times with the same name are repeats of one another. */
export function timingKey(state: Columns): string {
  return JSON.stringify(
    (['student', 'teacher'] as const).map((id) => {
      const { run } = columnOf(state, id);
      if (!run || run.kind === 'first-stage') return null;
      const { inputKey, method, info, raced } = run;
      return [inputKey, method, raced, ...(info ? [info.digest, info.runtime, conditions(info)] : [])];
    }),
  );
}

/** Records every fresh run as it ends; returns the way to stop. */
export function watchTimings(): () => void {
  return useRun.subscribe((now, before) => {
    if (!before.active || now.active) return;
    const speed = speedUp(now);
    if (speed.kind !== 'ratio') return;
    const key = timingKey(now);
    const timing = { student: speed.student.seconds, teacher: speed.teacher.seconds };
    useTimings.setState(({ byRun }) => ({
      byRun: new Map(byRun).set(key, [...(byRun.get(key) ?? []), timing]),
    }));
  });
}

/** Leaves what was measured of a ranking since `before`. */
export function forgetTimings(key: string, before: ReadonlyMap<string, readonly Timing[]>): void {
  const old = before.get(key)?.length ?? 0;
  if (old === 0) return;
  useTimings.setState(({ byRun }) => ({ byRun: new Map(byRun).set(key, (byRun.get(key) ?? []).slice(old)) }));
}

/** null for fewer than two runs: one time has no range. */
export function rangeOf(timings: readonly Timing[]): TimeRange | null {
  if (timings.length < 2) return null;
  const range = (id: keyof Timing): readonly [number, number] => {
    const seconds = timings.map((timing) => timing[id]);
    return [Math.min(...seconds), Math.max(...seconds)];
  };
  const median = (id: keyof Timing): number => {
    const seconds = timings.map((timing) => timing[id]).sort((a, b) => a - b);
    const middle = seconds.length >> 1;
    return seconds.length % 2 === 1 ? seconds[middle]! : (seconds[middle - 1]! + seconds[middle]!) / 2;
  };
  return {
    runs: timings.length,
    student: range('student'),
    teacher: range('teacher'),
    median: { student: median('student'), teacher: median('teacher') },
  };
}
