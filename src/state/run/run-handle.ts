/**
 * One run's hold on the columns. A newer run takes the columns over; from then on whatever the
 * older one still reports is dropped.
 */
import { type ErrorData, isAbort, toErrorData } from '../../errors.ts';
import type { Query } from '../../types.ts';
import type { ColumnCommits } from './frames.ts';
import { type Inputs, inputKey } from './inputs.ts';
import type { ColumnId, ColumnRun } from './run.ts';

export class RunHandle {
  readonly inputs: Inputs;
  readonly query: Query;
  readonly #abort = new AbortController();
  readonly #commits: ColumnCommits;
  /** Settles, never rejects, when nothing of this run is at work any more. */
  finished: Promise<void> = Promise.resolve();
  /** A newer run owns the columns. */
  replaced = false;

  constructor(commits: ColumnCommits, inputs: Inputs, query: Query) {
    this.#commits = commits;
    this.inputs = inputs;
    this.query = query;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** What names a column's content; goes into the column together with that content. */
  identity(column: ColumnId): Pick<ColumnRun, 'inputKey' | 'baseKey' | 'query' | 'queryId' | 'bm25'> {
    return {
      inputKey: inputKey(column, this.inputs),
      baseKey: inputKey('bm25', this.inputs),
      query: this.query.text,
      queryId: this.query.id,
      bm25: this.inputs.settings.bm25,
    };
  }

  /** Changes a column that this run is still running; at the next frame. */
  update(column: ColumnId, change: (before: ColumnRun) => Partial<ColumnRun>): void {
    if (this.replaced) return;
    this.#commits.update(column, (before) =>
      before.state === 'running' ? { ...before, ...change(before) } : before,
    );
  }

  /** Settles a column; committed at once. */
  settle(column: ColumnId, patch: Partial<ColumnRun> & Pick<ColumnRun, 'state'>): void {
    this.update(column, () => ({ ...patch, phase: null, startedAt: null }));
    this.#commits.flush();
  }

  /** Settles a column by what was thrown. */
  fail(column: ColumnId, error: unknown, advice: (error: ErrorData) => string): void {
    if (isAbort(error)) {
      this.settle(column, { state: 'cancelled' });
      return;
    }
    const data = toErrorData(error);
    this.settle(column, {
      state: 'error',
      error: { ...data, message: withAdvice(data.message, advice(data)) },
    });
  }
}

/** The message and what to do, unless the message ends in just that. */
export function withAdvice(message: string, advice: string): string {
  const text = message.trim();
  if (advice === '' || text.endsWith(advice)) return text;
  return `${/[.!?…]$/u.test(text) ? text : `${text}.`} ${advice}`;
}
