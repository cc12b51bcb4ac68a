/** Progress with rate and time left, at most ten messages a second. */
import type { IndexProgress } from '../src/workers/retrieval-protocol.ts';

const INTERVAL_MS = 100;

export class ProgressReporter {
  readonly #phase: IndexProgress['phase'];
  readonly #total: number;
  readonly #send: (progress: IndexProgress) => void;
  readonly #started = performance.now();
  #sent = Number.NEGATIVE_INFINITY;

  constructor(phase: IndexProgress['phase'], total: number, send: (progress: IndexProgress) => void) {
    this.#phase = phase;
    this.#total = total;
    this.#send = send;
    this.report(0);
  }

  /** Milliseconds since the phase began. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** Sends, unless the last message is less than a tenth of a second old and this is not the end. */
  report(done: number): void {
    const now = performance.now();
    if (now - this.#sent < INTERVAL_MS && done < this.#total) return;
    this.#sent = now;
    const seconds = (now - this.#started) / 1000;
    const perSecond = seconds > 0 ? done / seconds : 0;
    this.#send({
      phase: this.#phase,
      done,
      total: this.#total,
      perSecond,
      secondsLeft: perSecond > 0 ? Math.max(0, this.#total - done) / perSecond : undefined,
    });
  }
}
