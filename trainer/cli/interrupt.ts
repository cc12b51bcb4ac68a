/**
 * Ctrl-C as an AbortSignal: the first one asks for a clean end (what is finished is written), another
 * one ends the process at once.
 */

/** npm and tsx hand a terminal's one Ctrl-C on several times: these count as one. */
const SAME_MS = 1000;

/** Ctrl-C, a polite kill, a closed terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const handle = () => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      first = now;
      controller.abort();
    } else if (now - first > SAME_MS) {
      process.exit(130);
    }
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: controller.signal,
    release() {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
