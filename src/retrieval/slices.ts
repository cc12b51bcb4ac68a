/** Long work in slices: work while `over()` is false, then `await pause()`. */

const SLICE_MS = 50;

export class Slices {
  #end = performance.now() + SLICE_MS;

  /** True when the slice's time is up. */
  over(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets waiting messages be handled: a macrotask, since microtasks would hold them up. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#end = performance.now() + SLICE_MS;
  }
}
