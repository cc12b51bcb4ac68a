/** Asked of the user before a service is asked, by whatever would ask it outside a ranking of the columns that they began. */
import { create } from 'zustand';
import { RankscopeError } from '../../errors.ts';
import type { RemoteAsk } from '../run/run.ts';

interface Asked {
  readonly asks: readonly RemoteAsk[];
  /** Begins “… sent there.” */
  readonly what: string;
  readonly answer: (yes: boolean) => void;
}

export const useConsent = create<{ readonly asked: Asked | null }>()(() => ({ asked: null }));

/**
 * Settles once the user has agreed. One question at a time: a newer one takes the place of an older one.
 * @throws RankscopeError 'cancelled' where they do not, or the signal is aborted before
 */
export function consent(
  asks: readonly RemoteAsk[],
  {
    what = 'The query and its candidates are',
    signal,
  }: { readonly what?: string; readonly signal?: AbortSignal } = {},
): Promise<void> {
  useConsent.getState().asked?.answer(false);
  return new Promise((resolve, reject) => {
    const answer = (yes: boolean): void => {
      signal?.removeEventListener('abort', refuse);
      if (useConsent.getState().asked === own) useConsent.setState({ asked: null });
      if (yes) resolve();
      else reject(new RankscopeError('cancelled', 'Cancelled.'));
    };
    const own: Asked = { asks, what, answer };
    const refuse = (): void => answer(false);
    useConsent.setState({ asked: own });
    if (signal?.aborted) refuse();
    else signal?.addEventListener('abort', refuse, { once: true });
  });
}
