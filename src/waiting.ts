/** Waiting for a service: how long it asks for, and a wait that ends when it is cancelled. */
import { RankscopeError } from './errors.ts';

/** Something is waited for before the next attempt. */
export interface Waiting {
  readonly reason: 'rate-limit' | 'retry';
  readonly seconds: number;
  /** For people. */
  readonly message: string;
}

/** Seconds until a rate limit ends, from RateLimit (`"api";r=0;t=55`), RateLimit-Reset or Retry-After. */
export function limitSeconds(headers: Response['headers'], now = Date.now()): number | undefined {
  const t = /(?:^|[;,\s])t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1];
  const plain = t ?? headers.get('ratelimit-reset') ?? headers.get('retry-after');
  if (plain === null || plain === undefined) return undefined;
  const seconds = /^\d+$/.test(plain.trim()) ? Number(plain) : (Date.parse(plain) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}

/** Waits. @throws RankscopeError 'cancelled' as soon as the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancelled = (): void => reject(new RankscopeError('cancelled', 'Cancelled.'));
    if (signal?.aborted) return cancelled();
    signal?.addEventListener('abort', cancelled, { once: true });
    setTimeout(() => {
      signal?.removeEventListener('abort', cancelled);
      resolve();
    }, ms);
  });
}
