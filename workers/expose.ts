/**
 * What every worker of ours does at its start: calls through comlink, errors with their codes, and a
 * sign of life. A worker can end without any event reaching the page (it closes itself, or the
 * browser ends it); a Web Lock that it holds is given back then, and that the page can wait for.
 */
import * as Comlink from 'comlink';
import { installErrorTransfer } from './comlink-errors.ts';

/** Tells the page that this worker runs, and which lock it holds for as long as it lives. */
export interface LifeSign {
  /** null outside secure contexts, which have no locks: then only errors and `terminate` are noticed. */
  readonly lifeLock: string | null;
}

/** Exposes `api` to the page and tells it how to notice this worker's end. Call it once, last. */
export function exposeWorker(api: object): void {
  installErrorTransfer();
  Comlink.expose(api);
  const tell = (lifeLock: string | null): void => self.postMessage({ lifeLock } satisfies LifeSign);
  if (!navigator.locks) {
    tell(null);
    return;
  }
  const lifeLock = `rankscope-worker-${crypto.randomUUID()}`;
  void navigator.locks.request(lifeLock, () => {
    tell(lifeLock);
    return new Promise<never>(() => {});
  });
}

/** The message, if it is a sign of life. */
export function lifeSignOf(message: unknown): LifeSign | undefined {
  if (typeof message !== 'object' || message === null || !('lifeLock' in message)) return undefined;
  const { lifeLock } = message;
  return typeof lifeLock === 'string' || lifeLock === null ? { lifeLock } : undefined;
}
