/** Which tasks of which lessons were done: kept in this browser, and cleared at one click. */
import { create } from 'zustand';
import { memoryTextStore, readLocal, removeLocal, type TextStore, writeLocal } from '../../storage/local.ts';

/** Lesson id → ids of its tasks that were done. */
export type DoneTasks = Readonly<Record<string, readonly string[]>>;

export interface Progress {
  readonly done: DoneTasks;
  /** A task was done; once more changes nothing. */
  finish(lesson: string, task: string): void;
  /** Sets what was done of a lesson: nothing when it starts again, the former when that is undone. */
  put(lesson: string, tasks: readonly string[]): void;
  clear(): void;
  /** Takes a former state back, after `clear`. */
  restore(done: DoneTasks): void;
}

const KEY = 'learn';
const VERSION = 1;
/** More lessons, or tasks in one, were not written by this page. */
const MOST = 50;
let store: TextStore = memoryTextStore();

export const useProgress = create<Progress>()((set, get) => {
  const write = (done: DoneTasks): void => {
    if (Object.values(done).some(({ length }) => length > 0)) writeLocal(store, KEY, VERSION, done);
    else removeLocal(store, KEY);
    set({ done });
  };
  return {
    done: {},
    finish: (lesson, task) => {
      const { done } = get();
      const own = done[lesson] ?? [];
      if (!own.includes(task)) write({ ...done, [lesson]: [...own, task] });
    },
    put: (lesson, tasks) => write({ ...get().done, [lesson]: tasks }),
    clear: () => write({}),
    restore: write,
  };
});

/** Called once, when Learn is first opened. */
export function restoreProgress(local: TextStore): void {
  store = local;
  const read = readLocal(local, KEY, VERSION, checkDone);
  useProgress.setState({ done: read.state === 'ok' ? read.data : {} });
}

function checkDone(data: unknown): DoneTasks | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const entries = Object.entries(data);
  const valid = entries.every(
    ([, tasks]) =>
      Array.isArray(tasks) && tasks.length <= MOST && tasks.every((task) => typeof task === 'string'),
  );
  return valid && entries.length <= MOST ? (data as DoneTasks) : undefined;
}
