/**
 * How a worker of ours opens for business: calls through comlink, errors with their codes, and a
 * sign of life. A worker can end without any event reaching the page (it closes itself, or the
 * browser ends it); a Web Lock that it holds is given back then, and that the page can wait for.
 */
import * as Comlink from 'comlink';
import { installErrorTransfer } from './comlink-errors.ts';

/** Tells the page which lock this worker holds for as long as it lives. */
export interface LifeSign {
  readonly lifeLock: string;
}

/** Exposes `api` to the page and tells it how to notice this worker's end. Call it once, last. */
export function exposeWorker(api: object): void {
  installErrorTransfer();
  Comlink.expose(api);
  // No locks outside secure contexts: then only errors and `terminate` are noticed.
  if (!navigator.locks) return;
  const lifeLock = `rankscope-worker-${crypto.randomUUID()}`;
  void navigator.locks.request(lifeLock, () => {
    self.postMessage({ lifeLock } satisfies LifeSign);
    return new Promise<never>(() => {});
  });
}

/** The lock named in a message, if it is a sign of life. */
export function lifeLockOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('lifeLock' in message)) return undefined;
  return typeof message.lifeLock === 'string' ? message.lifeLock : undefined;
}
