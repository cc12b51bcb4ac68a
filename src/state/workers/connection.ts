/**
 * The page's side of one worker. Comlink leaves a call pending for ever when its worker dies; here
 * every call races against the worker's death, so that none does: it ends with an answer, with the
 * worker's own error, or with RankscopeError 'worker'.
 */
import * as Comlink from 'comlink';
import { installErrorTransfer } from '../../../workers/comlink-errors.ts';
import { lifeLockOf } from '../../../workers/expose.ts';
import { fromErrorData, RankscopeError, toErrorData } from '../../errors.ts';

/** What a connection needs of a Worker: tests connect a MessagePort dressed up as one. */
export interface WorkerLike extends Comlink.Endpoint {
  terminate(): void;
}

export type DeathListener = (reason: RankscopeError) => void;

interface Life<Api> {
  readonly remote: Comlink.Remote<Api>;
  /** Rejects of the calls that wait. A set, not one shared promise: racing that would keep every answer alive. */
  readonly waiting: Set<(reason: RankscopeError) => void>;
  readonly die: (reason: RankscopeError) => void;
}

export class WorkerConnection<Api> {
  readonly #name: string;
  readonly #spawn: () => WorkerLike;
  readonly #listeners = new Set<DeathListener>();
  #life: Life<Api> | undefined;

  /**
   * @param name the worker's name for people, e.g. `retrieval`: it stands in error messages
   * @param spawn makes a fresh worker; called at the first call and again after a death
   */
  constructor(name: string, spawn: () => WorkerLike) {
    installErrorTransfer();
    this.#name = name;
    this.#spawn = spawn;
  }

  /** True while a worker runs. */
  get alive(): boolean {
    return this.#life !== undefined;
  }

  /**
   * Makes one call, starting a worker if none runs (a fresh worker knows nothing: load first).
   * Functions among the arguments must be wrapped by `Comlink.proxy`.
   *
   * @throws RankscopeError: the worker's own error, or 'worker' when it dies before it answers
   */
  async call<T>(ask: (remote: Comlink.Remote<Api>) => Promise<T>): Promise<T> {
    const { remote, waiting } = this.#life ?? this.#start();
    let give: (reason: RankscopeError) => void = () => {};
    const death = new Promise<never>((_, reject) => {
      give = reject;
    });
    waiting.add(give);
    try {
      return await Promise.race([ask(remote), death]);
    } catch (error) {
      // E.g. an argument that cannot be cloned fails on this side, before the worker hears of it.
      throw error instanceof RankscopeError ? error : fromErrorData(toErrorData(error));
    } finally {
      waiting.delete(give);
    }
  }

  /**
   * Ends the worker now, in whatever it is doing, and rejects all pending calls.
   *
   * @param reason what pending calls reject with; by default 'worker', "was stopped"
   */
  terminate(reason?: RankscopeError): void {
    this.#life?.die(reason ?? new RankscopeError('worker', `The ${this.#name} worker was stopped.`));
  }

  /** Calls back at every death of a worker, `terminate` included. Returns the way to unsubscribe. */
  onDeath(listener: DeathListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #start(): Life<Api> {
    let worker: WorkerLike;
    try {
      worker = this.#spawn();
    } catch (error) {
      throw new RankscopeError('worker', `The ${this.#name} worker cannot be started: ${textOf(error)}`);
    }
    const waiting = new Set<(reason: RankscopeError) => void>();
    const life: Life<Api> = {
      remote: Comlink.wrap<Api>(worker),
      waiting,
      die: (reason) => {
        if (this.#life !== life) return;
        this.#life = undefined;
        worker.terminate();
        for (const reject of waiting) reject(reason);
        for (const listener of this.#listeners) listener(reason);
      },
    };
    this.#life = life;
    worker.addEventListener('error', ((event: ErrorEvent) => {
      event.preventDefault?.();
      // A script that cannot be loaded gives an event without a message.
      const what = event.message ? `failed: ${event.message}` : 'could not be loaded';
      life.die(
        new RankscopeError('worker', `The ${this.#name} worker ${what}. Try again or reload the page.`),
      );
    }) as EventListener);
    worker.addEventListener('messageerror', () => {
      life.die(
        new RankscopeError('worker', `A message of the ${this.#name} worker could not be read. Try again.`),
      );
    });
    worker.addEventListener('message', ((event: MessageEvent) => {
      const lock = lifeLockOf(event.data);
      if (lock === undefined) return;
      // Granted when the worker has ended, however it did; after `terminate` that changes nothing.
      void navigator.locks.request(lock, () => {
        life.die(new RankscopeError('worker', `The ${this.#name} worker ended unexpectedly. Try again.`));
      });
    }) as EventListener);
    return life;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
