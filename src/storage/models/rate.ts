/** How fast bytes have come lately, and so how long the rest will take. */

const WINDOW_MS = 5_000;
/** Earlier than this a rate is a guess. */
const LEAST_MS = 500;

export class RateMeter {
  readonly #now: () => number;
  #samples: { readonly ms: number; readonly bytes: number }[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param bytes that are there now; fewer than before begins a new measurement. */
  add(bytes: number): void {
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.#samples = [];
    const ms = this.#now();
    this.#samples.push({ ms, bytes });
    while (this.#samples.length > 2 && this.#samples[1]!.ms < ms - WINDOW_MS) this.#samples.shift();
  }

  /** Bytes there at the start are not bytes that came. */
  restart(): void {
    this.#samples = [];
  }

  /** Bytes per second over the last seconds; undefined while that is not known. */
  get bytesPerSecond(): number | undefined {
    const [first] = this.#samples;
    const ms = this.#now() - (first?.ms ?? 0);
    const last = this.#samples.at(-1);
    if (!first || !last || ms < LEAST_MS) return undefined;
    return ((last.bytes - first.bytes) / ms) * 1000;
  }

  secondsLeft(bytesLeft: number): number | undefined {
    const rate = this.bytesPerSecond;
    return rate ? bytesLeft / rate : undefined;
  }
}
