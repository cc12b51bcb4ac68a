/** One writer for each file, and for each model that is written as a whole, over all tabs: Web Locks where there are any. */
import { RankscopeError } from '../../errors.ts';

export interface FileLocks {
  /**
   * Runs `work` with the file (its stored name) or the model (its id) to itself.
   * @throws RankscopeError 'storage' at once when somebody else has it.
   */
  hold<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Whether somebody writes it now. */
  held(name: string): Promise<boolean>;
}

/** The part of `navigator.locks` that is used. */
export interface WebLocks {
  request<T>(
    name: string,
    options: { readonly ifAvailable: boolean },
    work: (lock: unknown) => Promise<T>,
  ): Promise<T>;
}

const lockName = (stored: string): string => `rankscope-model-file-${stored}`;

export function fileLocks(locks: WebLocks | undefined): FileLocks {
  if (!locks) return { hold: (_, work) => work(), held: async () => false };
  const ifAvailable = true;
  return {
    hold: (stored, work) =>
      locks.request(lockName(stored), { ifAvailable }, (lock) => {
        if (lock) return work();
        throw new RankscopeError(
          'storage',
          'The model is being downloaded in another tab. Wait for it, or close that tab and try again.',
          { busy: true },
        );
      }),
    held: (stored) => locks.request(lockName(stored), { ifAvailable }, async (lock) => lock === null),
  };
}
