import { playground } from '../../state/playground.ts';
import { type Confirmation, useRun } from '../../state/run/run.ts';
import { RemoteWords } from '../remote/RemoteWords.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { counted, formatEstimate } from '../ui/numbers.ts';

function wordFor({ remote, race }: Confirmation): string {
  if (remote) return `Ask ${remote.host}`;
  return race ? 'Race anyway' : 'Rank anyway';
}

/** Asked before a run that will take longer than a minute, and before a service is asked. */
export function ConfirmDialog() {
  const asked = useRun((s) => s.needsConfirmation);
  if (!asked) return null;
  return (
    <Dialog
      title={asked.remote ? `Ask ${asked.remote.host}?` : 'This will take a while'}
      onClose={() => playground.dismissConfirmation()}
      actions={
        <>
          <Button onClick={() => playground.dismissConfirmation()}>Not now</Button>
          <Button kind="primary" onClick={() => playground.confirm()}>
            {wordFor(asked)}
          </Button>
        </>
      }
    >
      {asked.remote ? <RemoteWords ask={asked.remote} /> : null}
      <p>
        {!asked.remote && (
          <>
            {asked.upperBound && 'Up to '}
            {counted(asked.calls, 'call')}, {formatEstimate(asked.seconds)} at the speed measured on this
            machine.{' '}
          </>
        )}
        {asked.cached > 0 && `${counted(asked.cached, 'more answer')} from earlier runs will be reused. `}You
        can cancel at any time; what has been ranked stays, and is not asked again.
      </p>
      {asked.shorter.length > 0 && (
        <ul className="shorter" aria-label="What takes less time">
          {asked.shorter.map(({ title, settings, calls, upperBound, seconds }) => (
            <li key={title}>
              <Button onClick={() => playground.rankShorter(settings)}>{title}</Button>
              <span className="muted">
                {upperBound && 'up to '}
                {counted(calls, 'call')}, {formatEstimate(seconds)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
