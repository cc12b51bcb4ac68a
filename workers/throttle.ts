/** Lets the newest of many values through, at most so often; the last one is never held back for longer. */
export class Throttle<T> {
  readonly #ms: number;
  readonly #give: (value: T) => void;
  #last = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newest: T | undefined;

  constructor(ms: number, give: (value: T) => void) {
    this.#ms = ms;
    this.#give = give;
  }

  /** @param now lets it through whatever came before */
  give(value: T, now = false): void {
    this.#newest = value;
    const wait = now ? 0 : this.#last + this.#ms - performance.now();
    if (wait <= 0) this.#pass();
    else this.#timer ??= setTimeout(() => this.#pass(), wait);
  }

  /** Drops what is held back. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #pass(): void {
    this.stop();
    this.#last = performance.now();
    this.#give(this.#newest as T);
  }
}
