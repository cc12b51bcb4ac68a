/**
 * One store commit a frame at most. Worker messages come faster than the screen can draw; each commit
 * is a React render. Changes to columns are gathered here and written together. A hidden page has no
 * frames, so a timeout stands in for them.
 */
import { COLUMNS, type ColumnId, type ColumnRun, useRun } from './run.ts';

export type Schedule = (commit: () => void) => void;

/** Longest wait for a frame: browsers stop giving frames to hidden or busy pages. */
const FRAME_LIMIT_MS = 200;

/** The next animation frame, or a timeout where none comes. */
export const nextFrame: Schedule = (commit) => {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    commit();
  };
  const timer = setTimeout(once, FRAME_LIMIT_MS);
  if (typeof requestAnimationFrame === 'function') requestAnimationFrame(once);
};

/**
 * Milliseconds from one commit of `rows` rows a column to the next. What a commit costs grows with
 * the rows, and the models compute on the same cores: 10 rows are drawn about every other frame, 100
 * three times a second, so that each move of a row (useFlip) ends before the next begins.
 */
export const paceFor = (rows: number): number => (rows * 10) / 3;

/** `schedule`, but so that commits lie `pace()` milliseconds apart. The first one does not wait. */
export function paced(
  schedule: Schedule,
  pace: () => number,
  now: () => number = () => performance.now(),
): Schedule {
  let last = Number.NEGATIVE_INFINITY;
  return (commit) => {
    const soon = (): void =>
      schedule(() => {
        last = now();
        commit();
      });
    const wait = last + pace() - now();
    if (wait > 0) setTimeout(soon, wait);
    else soon();
  };
}

/** The most rows that a column has now. */
const rowsShown = (): number => {
  const { columns } = useRun.getState();
  return Math.max(...COLUMNS.map((id) => columns[id].candidates.length));
};

export class ColumnCommits {
  readonly #schedule: Schedule;
  readonly #pending = new Map<ColumnId, ColumnRun>();
  #scheduled = false;

  constructor(schedule: Schedule = paced(nextFrame, () => paceFor(rowsShown()))) {
    this.#schedule = schedule;
  }

  /** The column as it will be after the next commit. */
  get(column: ColumnId): ColumnRun {
    return this.#pending.get(column) ?? useRun.getState().columns[column];
  }

  /** Changes a column at the next frame. */
  update(column: ColumnId, change: (before: ColumnRun) => ColumnRun): void {
    const before = this.get(column);
    const after = change(before);
    if (after === before) return;
    this.#pending.set(column, after);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Commits at once what is pending: for clicks and settled states, which must not wait. */
  flush(): void {
    if (this.#pending.size === 0) return;
    const changed = new Map(this.#pending);
    this.#pending.clear();
    useRun.setState((s) => {
      const columns = { ...s.columns };
      for (const id of COLUMNS) columns[id] = changed.get(id) ?? columns[id];
      return { columns };
    });
  }
}
