/**
 * Long work in the two scorer workers of the columns, one piece at a time: it is begun, gives way to the columns, is stopped,
 * and ends in a settled state, whatever ends it. A query set and an evaluation are such work.
 */
import { type ErrorData, isAbort, toErrorData } from '../../errors.ts';
import type { AnswerCache } from '../../storage/answers.ts';
import { abortable, CANCEL_MS } from '../../workers/promises.ts';
import { adviceFor, type ModelSlots } from '../models/model-slots.ts';
import { useRun } from '../run/run.ts';
import { withAdvice } from '../run/run-handle.ts';
import { LaneRanker } from './lane-ranker.ts';

export interface LongWorkDeps {
  readonly slots: ModelSlots;
  readonly answers: AnswerCache;
  /** Settles when the columns' run, if any, has ended. */
  readonly columnsFinished: () => Promise<void>;
  /** Has the workers hold again what the columns want. */
  readonly restoreSlots: () => void;
  /** Milliseconds on a clock that does not jump. */
  readonly now?: () => number;
  readonly cancelMs?: number;
}

export type Ending =
  | { readonly state: 'done' }
  | { readonly state: 'stopped' }
  | { readonly state: 'error'; readonly error: ErrorData };

/** What is said of an error, with what to do about it. */
export const advised = (error: ErrorData): ErrorData => ({
  ...error,
  message: withAdvice(error.message, adviceFor(error)),
});

export class LongWork {
  readonly ranker: LaneRanker;
  readonly now: () => number;
  readonly #deps: LongWorkDeps;
  #abort: AbortController | undefined;
  #finished: Promise<void> = Promise.resolve();
  #running = false;

  /** @param turn waits until nobody else has the workers */
  constructor(deps: LongWorkDeps, turn: (signal: AbortSignal) => Promise<void>) {
    this.#deps = deps;
    this.now = deps.now ?? (() => performance.now());
    this.ranker = this.rankerFor(turn);
  }

  /** Settles when nothing of it is at work any more. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  /** Rankings in the same workers, which wait for a turn of their own. */
  rankerFor(turn: (signal: AbortSignal) => Promise<void>): LaneRanker {
    const { slots, answers, cancelMs = CANCEL_MS } = this.#deps;
    return new LaneRanker({ slots, answers, now: this.now, cancelMs, turn });
  }

  /** @param settle takes over how it ended; what it returns is waited for as well */
  begin(
    work: (signal: AbortSignal) => Promise<void>,
    settle: (ending: Ending) => Promise<void> | void,
  ): void {
    const abort = new AbortController();
    this.#abort = abort;
    this.#running = true;
    this.#finished = this.#execute(work(abort.signal), settle);
  }

  async #execute(work: Promise<void>, settle: (ending: Ending) => Promise<void> | void): Promise<void> {
    const ending = await work.then(
      (): Ending => ({ state: 'done' }),
      (error): Ending =>
        isAbort(error) ? { state: 'stopped' } : { state: 'error', error: advised(toErrorData(error)) },
    );
    this.#running = false;
    const settled = settle(ending);
    this.#deps.restoreSlots();
    await Promise.all([settled, this.#deps.answers.flush()]);
  }

  /** Ends it; what it has ranked stays. */
  stop(): void {
    this.#abort?.abort();
  }

  /** Lets somebody else have the workers: settles when the ranking at work has let go of them. */
  async makeRoom(): Promise<void> {
    if (!this.#running) return;
    await this.ranker.makeRoom();
    this.#deps.restoreSlots();
  }

  /** Waits until the columns do not rank. */
  async columnsFirst(signal: AbortSignal, waiting: () => void): Promise<void> {
    while (useRun.getState().active) {
      waiting();
      await abortable(this.#deps.columnsFinished(), signal);
    }
  }
}
