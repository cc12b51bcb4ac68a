import { useConsent } from '../../state/remote/consent.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { RemoteWords } from './RemoteWords.tsx';

/** Asked before services are asked by anything but a ranking of the columns, which asks by itself. */
export function ConsentDialog() {
  const asked = useConsent((s) => s.asked);
  if (!asked) return null;
  const { asks, what, answer } = asked;
  const hosts = [...new Set(asks.map(({ host }) => host))];
  const whom = hosts.length > 1 ? `${hosts.length} services` : (hosts[0] ?? '');
  return (
    <Dialog
      title={`Ask ${whom}?`}
      onClose={() => answer(false)}
      actions={
        <>
          <Button onClick={() => answer(false)}>Not now</Button>
          <Button kind="primary" onClick={() => answer(true)}>
            Ask {whom}
          </Button>
        </>
      }
    >
      {asks.map((ask, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is asked does not change while it is shown.
        <RemoteWords key={i} ask={ask} what={what} />
      ))}
      <p className="muted">You can cancel at any time; what has been answered is kept.</p>
    </Dialog>
  );
}
