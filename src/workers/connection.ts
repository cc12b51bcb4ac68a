/**
 * The page's side of one worker. Comlink leaves a call pending for ever when its worker dies; here
 * every call races against the worker's death, so that none does: it ends with an answer, with the
 * worker's own error, or with RankscopeError 'worker'.
 *
 * A fresh worker holds nothing, so only `load` starts one. `call` asks the very worker that has
 * loaded: once that is dead it fails, and never speaks to an empty successor.
 */
import * as Comlink from 'comlink';
import { fromErrorData, messageOf, RankscopeError, toErrorData } from '../errors.ts';
import { installErrorTransfer } from './comlink-errors.ts';
import { lifeSignOf } from './life-sign.ts';

/** What a connection needs of a Worker: tests connect a MessagePort dressed up as one. */
export interface WorkerLike extends Comlink.Endpoint {
  terminate(): void;
}

export type DeathListener = (reason: RankscopeError) => void;

/**
 * How long a worker may take to say that it lives. One that closes, or whose script goes missing on
 * the way, before it has said so gives no other sign. Generous: its script may have to be downloaded.
 */
const START_MS = 30_000;

interface Life<Api> {
  /** Whether its last load has succeeded. */
  loaded: boolean;
  readonly remote: Comlink.Remote<Api>;
  /** Rejects of the calls that wait. A set, not one shared promise: racing that would keep every answer alive. */
  readonly waiting: Set<(reason: RankscopeError) => void>;
  readonly die: (reason: RankscopeError) => void;
}

export class WorkerConnection<Api> {
  readonly #name: string;
  readonly #spawn: () => WorkerLike;
  readonly #startMs: number;
  readonly #listeners = new Set<DeathListener>();
  #life: Life<Api> | undefined;

  /**
   * @param name the worker's name for people, e.g. `retrieval`: it stands in error messages
   * @param spawn makes a fresh worker; called at the first load and at the first one after a death
   * @param startMs a worker that has given no sign of life by then counts as dead
   */
  constructor(name: string, spawn: () => WorkerLike, startMs = START_MS) {
    installErrorTransfer();
    this.#name = name;
    this.#spawn = spawn;
    this.#startMs = startMs;
  }

  /** True while a worker runs that has loaded: `call` can be answered. */
  get loaded(): boolean {
    return this.#life?.loaded ?? false;
  }

  /**
   * Makes the call that gives a worker what it works on, starting one if none runs.
   * Functions among the arguments must be wrapped by `Comlink.proxy`, here and below.
   *
   * @throws RankscopeError: the worker's own error, or 'worker' when it dies before it answers
   */
  async load<T>(ask: (remote: Comlink.Remote<Api>) => Promise<T>): Promise<T> {
    const life = this.#life ?? this.#start();
    life.loaded = false;
    const answer = await this.#ask(life, ask);
    life.loaded = true;
    return answer;
  }

  /**
   * Makes one call to the worker that has loaded.
   *
   * @throws RankscopeError as `load`; also 'worker' when no loaded worker runs
   */
  async call<T>(ask: (remote: Comlink.Remote<Api>) => Promise<T>): Promise<T> {
    const life = this.#life;
    if (!life?.loaded) {
      throw new RankscopeError(
        'worker',
        `The ${this.#name} worker has stopped, and what it had loaded is lost.`,
      );
    }
    return this.#ask(life, ask);
  }

  /** Tells a running worker something, if one runs; an answer or a failure is not waited for. */
  tell(say: (remote: Comlink.Remote<Api>) => Promise<unknown>): void {
    if (this.#life) this.#ask(this.#life, say).catch(() => {});
  }

  async #ask<T>(
    { remote, waiting }: Life<Api>,
    ask: (remote: Comlink.Remote<Api>) => Promise<T>,
  ): Promise<T> {
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
    const late = setTimeout(() => {
      const seconds = Math.round(this.#startMs / 1000);
      life.die(
        new RankscopeError('worker', `The ${this.#name} worker did not start within ${seconds} seconds.`),
      );
    }, this.#startMs);
    const life: Life<Api> = {
      loaded: false,
      remote: Comlink.wrap<Api>(worker),
      waiting,
      die: (reason) => {
        if (this.#life !== life) return;
        this.#life = undefined;
        clearTimeout(late);
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
      life.die(new RankscopeError('worker', `The ${this.#name} worker ${what}.`));
    }) as EventListener);
    worker.addEventListener('messageerror', () => {
      life.die(new RankscopeError('worker', `A message from the ${this.#name} worker could not be read.`));
    });
    worker.addEventListener('message', ((event: MessageEvent) => {
      const sign = lifeSignOf(event.data);
      if (!sign) return;
      clearTimeout(late);
      if (sign.lifeLock === null) return;
      // Granted when the worker has ended, however it did; after `terminate` that changes nothing.
      void navigator.locks.request(sign.lifeLock, () => {
        life.die(new RankscopeError('worker', `The ${this.#name} worker ended unexpectedly.`));
      });
    }) as EventListener);
    return life;
  }
}

function textOf(error: unknown): string {
  return messageOf(error);
}
