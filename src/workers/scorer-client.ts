/** The page's side of a scorer worker: one checkpoint in a worker of its own. */
import * as Comlink from 'comlink';
import { RankscopeError } from '../errors.ts';
import { WorkerConnection, type WorkerLike } from './connection.ts';
import type { ScorerWorkerApi } from './scorer-protocol.ts';
import type { ScorerSlot, ScorerWorker } from './types.ts';

const spawn = (): WorkerLike =>
  new Worker(new URL('../../workers/scorer.worker.ts', import.meta.url), {
    type: 'module',
    name: 'scorer',
  });

export class ScorerClient implements ScorerWorker {
  readonly #connection: WorkerConnection<ScorerWorkerApi>;
  readonly #slot: ScorerSlot;

  /** @param start and `startMs` are for tests: by default the real worker, and a generous time to start */
  constructor(slot: ScorerSlot, start: () => WorkerLike = spawn, startMs?: number) {
    this.#slot = slot;
    this.#connection = new WorkerConnection<ScorerWorkerApi>(slot, start, startMs);
  }

  get alive(): boolean {
    return this.#connection.loaded;
  }

  load: ScorerWorker['load'] = (request, onProgress, onSlowTexts) =>
    // The address is relative to the page, not to the worker's script.
    this.#connection.load((remote) =>
      remote.load(
        { ...request, url: new URL(request.url, location.href).href },
        Comlink.proxy(onProgress),
        // Its port lives as long as the worker.
        onSlowTexts && Comlink.proxy(onSlowTexts),
      ),
    );

  rank: ScorerWorker['rank'] = (job, onEvents) =>
    this.#connection.call((remote) => remote.rank(job, Comlink.proxy(onEvents)));

  ask: ScorerWorker['ask'] = (job, onAnswers, signal) =>
    this.#cancellable(signal, (remote) => remote.ask(job, Comlink.proxy(onAnswers)));

  see: ScorerWorker['see'] = (job) => this.#connection.call((remote) => remote.see(job));

  async #cancellable(
    signal: AbortSignal | undefined,
    call: (remote: Comlink.Remote<ScorerWorkerApi>) => Promise<void>,
  ): Promise<void> {
    if (signal?.aborted) throw new RankscopeError('cancelled', 'Cancelled.');
    const cancel = () => this.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await this.#connection.call(call);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  cancel(): void {
    this.#connection.tell((remote) => remote.cancel());
  }

  counts = () => this.#connection.call((remote) => remote.counts());

  countTokens = (texts: readonly string[]): Promise<readonly number[]> =>
    this.#connection.call((remote) => remote.countTokens(texts));

  terminate(): void {
    this.#connection.terminate(new RankscopeError('worker', `The ${this.#slot}'s worker was stopped.`));
  }
}
