/**
 * What every worker of ours does at its start: calls through comlink, errors with their codes, and a
 * sign of life (src/workers/life-sign.ts).
 */
import * as Comlink from 'comlink';
import { installErrorTransfer } from '../src/workers/comlink-errors.ts';
import type { LifeSign } from '../src/workers/life-sign.ts';

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
