/**
 * One store commit a frame at most. Worker messages come faster than the screen can draw; each commit
 * is a React render. Changes to columns and runs are gathered here and written together. A hidden page has no
 * frames, so a timeout stands in for them.
 */
import { COLUMNS, type Column, type ColumnId, candidatesOf, columnOf, type Run, useRun } from './run.ts';

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
const rowsShown = (): number =>
  Math.max(...COLUMNS.map((id) => candidatesOf(columnOf(useRun.getState(), id)).length));

export class ColumnCommits {
  readonly #schedule: Schedule;
  /** Changed columns, and what they were in the store when they were first changed. */
  readonly #columns = new Map<ColumnId, { readonly base: Column; readonly now: Column }>();
  readonly #runs = new Map<string, Run>();
  #scheduled = false;

  constructor(schedule: Schedule = paced(nextFrame, () => paceFor(rowsShown()))) {
    this.#schedule = schedule;
  }

  /** The column as it will be after the next commit. */
  column(id: ColumnId): Column {
    return this.#columns.get(id)?.now ?? useRun.getState().columns[id];
  }

  /** The run as it will be after the next commit; undefined where no column shows it any more. */
  run(id: string): Run | undefined {
    return this.#runs.get(id) ?? useRun.getState().runs[id];
  }

  /** Changes a column at the next frame. */
  update(id: ColumnId, change: (before: Column) => Column): void {
    const before = this.column(id);
    const now = change(before);
    if (now === before) return;
    this.#columns.set(id, { base: this.#columns.get(id)?.base ?? before, now });
    this.#soon();
  }

  /** A run that is new or has changed, at the next frame; it stays for as long as a column shows it. */
  put(run: Run): void {
    this.#runs.set(run.id, run);
    this.#soon();
  }

  #soon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Commits at once what is pending: for clicks and settled states, which must not wait. */
  flush(): void {
    if (this.#columns.size === 0 && this.#runs.size === 0) return;
    const changed = new Map(this.#columns);
    const put = new Map(this.#runs);
    this.#columns.clear();
    this.#runs.clear();
    useRun.setState((s) => {
      const columns = { ...s.columns };
      // A column that was replaced meanwhile (results were restored) is another one.
      for (const [id, { base, now }] of changed) if (columns[id] === base) columns[id] = now;
      const shown = COLUMNS.flatMap((id) => columns[id].shows ?? []);
      const runs = Object.fromEntries(
        shown.flatMap((id) => {
          const run = put.get(id) ?? s.runs[id];
          return run ? [[id, run]] : [];
        }),
      );
      return { columns, runs };
    });
  }
}
