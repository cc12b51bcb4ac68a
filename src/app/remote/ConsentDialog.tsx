import { useConsent } from '../../state/remote/consent.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { RemoteWords } from './RemoteWords.tsx';

/** Asked before a service is asked by anything but a ranking that the user has begun. */
export function ConsentDialog() {
  const asked = useConsent((s) => s.asked);
  if (!asked) return null;
  const { ask, answer } = asked;
  return (
    <Dialog
      key={ask.host}
      title={`Ask ${ask.host}?`}
      onClose={() => answer(false)}
      actions={
        <>
          <Button onClick={() => answer(false)}>Not now</Button>
          <Button kind="primary" onClick={() => answer(true)}>
            Ask {ask.host}
          </Button>
        </>
      }
    >
      <RemoteWords ask={ask} />
    </Dialog>
  );
}
