/** Opens the recording that a link holds: as a preview, once, at the start or when such a link is followed. */
import { toErrorData } from '../../errors.ts';
import { notify } from '../notices.ts';
import { linkedBytes } from './linked-bytes.ts';
import { openBytes } from './opened.ts';

export function watchLinks(): void {
  const open = (): void => {
    try {
      const bytes = linkedBytes(location.hash);
      if (!bytes) return;
      // Out of the address: a reload shows the own work again, and the tabs go by the hash.
      history.replaceState(history.state, '', '#/');
      dispatchEvent(new HashChangeEvent('hashchange'));
      void openBytes(bytes, 'The link', 'link');
    } catch (error) {
      history.replaceState(history.state, '', '#/');
      notify('error', `${toErrorData(error).message} Nothing was changed.`);
    }
  };
  addEventListener('hashchange', open);
  open();
}
