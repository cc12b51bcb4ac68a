/** A worker that can be ended at any message, in each of the ways in which browsers end workers. */
import { PortWorker } from '../../workers/testing/port-worker.ts';

/**
 * How it ends. `silent`: no event; the lock it held is given back, if it came so far.
 * `error`: an error event, as for a script that throws or is not there.
 */
export type Death = 'silent' | 'error';

/** Locks held by living workers of a test, in place of `navigator.locks`. */
export class Locks {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Only asks for a worker's lock, which is granted when the worker has ended. */
  readonly request = async (name: string, granted: () => void): Promise<void> => {
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), granted]);
  };

  release(name: string): void {
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const granted of waiting) setTimeout(granted, 0);
  }
}

let made = 0;

export class MortalWorker extends PortWorker {
  /** Messages so far, both ways; the sign of life is the first. */
  messages = 0;
  readonly #lock = `lock-${++made}`;
  readonly #locks: Locks;
  readonly #dieAt: number;
  readonly #death: Death;
  #alive = true;

  /** @param dieAt ends instead of sending or hearing the message of this number, from 0 */
  constructor(api: object, locks: Locks, dieAt = Number.POSITIVE_INFINITY, death: Death = 'silent') {
    super(api);
    this.#locks = locks;
    this.#dieAt = dieAt;
    this.#death = death;
    setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: { lifeLock: this.#lock } })), 0);
  }

  override dispatchEvent(event: Event): boolean {
    if (event.type === 'message' && !this.#passes()) return true;
    return super.dispatchEvent(event);
  }

  override postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (this.#passes()) super.postMessage(message, transfer);
  }

  override terminate(): void {
    this.#alive = false;
    super.terminate();
    this.#locks.release(this.#lock);
  }

  #passes(): boolean {
    if (!this.#alive) return false;
    if (this.messages++ < this.#dieAt) return true;
    this.terminate();
    if (this.#death === 'error') setTimeout(() => super.dispatchEvent(new Event('error')), 0);
    return false;
  }
}
