/**
 * One run's hold on the columns. A newer run takes the columns over; from then on whatever the
 * older one still reports is dropped.
 */
import { type ErrorData, isAbort, toErrorData } from '../../errors.ts';
import { applyEvents } from '../../ranking/progress/apply-events.ts';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import { randomName } from '../../storage/random-name.ts';
import type { Candidate, Query } from '../../types.ts';
import type { ColumnCommits } from './frames.ts';
import { type Inputs, inputKey } from './inputs.ts';
import type { CandidateSet, Column, ColumnId, ModelRun, Run } from './run.ts';

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

  /** The candidates of this run's first stage. */
  candidateSet(candidates: readonly Candidate[]): CandidateSet {
    const { bm25, k, fill } = this.inputs.settings;
    return {
      id: randomName(),
      query: this.query,
      baseKey: inputKey('bm25', this.inputs),
      firstStage: { bm25, k, fill },
      candidates,
    };
  }

  /** Changes a column that this run is still running; at the next frame. */
  update(column: ColumnId, change: (before: Column) => Partial<Column>): void {
    if (this.replaced) return;
    this.#commits.update(column, (before) =>
      before.state === 'running' ? { ...before, ...change(before) } : before,
    );
  }

  /** Has a column show a run, from the next frame on. */
  show(column: ColumnId, run: Run): void {
    if (this.replaced) return;
    this.#commits.put(run);
    this.update(column, () => ({ shows: run.id, waiting: false }));
  }

  /** The model's run that a column shows, as it will be at the next frame. */
  modelRun(column: ColumnId): ModelRun | undefined {
    const { shows, waiting } = this.#commits.column(column);
    const run = shows === null || waiting ? undefined : this.#commits.run(shows);
    return run?.kind === 'first-stage' ? undefined : run;
  }

  /** What becomes known of a column's run beside its events: the model, the prompt. */
  describe(column: ColumnId, facts: Pick<ModelRun, 'template' | 'info' | 'method'>): void {
    const run = this.modelRun(column);
    if (run && !this.replaced) this.#commits.put({ ...run, ...facts });
  }

  /** Has a column's run go on where it stopped, if it is one over this set: the next `record` continues its log. */
  resume(column: ColumnId, set: CandidateSet, raced: boolean): void {
    const { shows } = this.#commits.column(column);
    const run = shows === null ? undefined : this.#commits.run(shows);
    if (!run || run.kind === 'first-stage' || run.set !== set) return;
    this.#commits.put({ ...run, raced });
    this.update(column, () => ({ waiting: false }));
    this.record(column, [{ type: 'resumed', at: run.ms }]);
  }

  /** Appends events to the log of a column's run, and applies them. */
  record(column: ColumnId, events: readonly LogEvent[]): void {
    const run = this.modelRun(column);
    if (!run || this.replaced || this.#commits.column(column).state !== 'running') return;
    run.log.append(events);
    this.#commits.put(applyEvents(run, events));
  }

  /** Settles a column; committed at once. */
  settle(column: ColumnId, patch: Partial<Column> & Pick<Column, 'state'>): void {
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
