/**
 * A worker can end without any event reaching the page (it closes itself, or the browser ends it). A Web Lock that it
 * holds is given back then, and that the page can wait for: at its start a worker says which.
 */
export interface LifeSign {
  /** null outside secure contexts, which have no locks: then only errors and `terminate` are noticed. */
  readonly lifeLock: string | null;
}

/** The message, if it is a sign of life. */
export function lifeSignOf(message: unknown): LifeSign | undefined {
  if (typeof message !== 'object' || message === null || !('lifeLock' in message)) return undefined;
  const { lifeLock } = message;
  return typeof lifeLock === 'string' || lifeLock === null ? { lifeLock } : undefined;
}
