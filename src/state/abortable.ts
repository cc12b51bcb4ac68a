/** A promise that gives up when a signal is aborted. What it waited for goes on by itself. */
import { RankscopeError } from '../errors.ts';

/** Rejects with 'cancelled' as soon as the signal is aborted, else settles as the promise does. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new RankscopeError('cancelled', 'Cancelled.'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
