import { Dialog } from './Dialog.tsx';
import { NotFetched } from './lazy-part.tsx';

/** In the place of a dialog that could not be fetched. */
export function MissingDialog({ title, onClose }: { readonly title: string; readonly onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <NotFetched />
    </Dialog>
  );
}
