/** Waiting with an end: neither a worker that hangs nor work that is no longer wanted may keep the page waiting. */
import { RankscopeError } from '../errors.ts';

/** How long a worker may take to answer a cancel before it is ended. */
export const CANCEL_MS = 2_000;

/** True when the promise settles (either way) within the time; never rejects. */
export function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const settled = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    promise.then(settled, settled);
  });
}

/**
 * Rejects with 'cancelled' as soon as the signal is aborted, else settles as the promise does. What it waited for
 * goes on by itself.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new RankscopeError('cancelled', 'Cancelled.'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
