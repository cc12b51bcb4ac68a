import { playground } from '../../state/playground.ts';
import { useRun } from '../../state/run/run.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { counted, formatEstimate } from '../ui/numbers.ts';

/** Asked before a run that will take longer than a minute. */
export function ConfirmDialog() {
  const asked = useRun((s) => s.needsConfirmation);
  if (!asked) return null;
  return (
    <Dialog
      title="This will take a while"
      onClose={() => playground.dismissConfirmation()}
      actions={
        <>
          <Button onClick={() => playground.dismissConfirmation()}>Not now</Button>
          <Button kind="primary" onClick={() => playground.confirm()}>
            {asked.race ? 'Race anyway' : 'Rank anyway'}
          </Button>
        </>
      }
    >
      <p>
        {asked.upperBound && 'Up to '}
        {counted(asked.calls, 'call')}, {formatEstimate(asked.seconds)} at the speed measured on this machine.
        {asked.cached > 0 && ` ${counted(asked.cached, 'more answer')} from earlier runs will be reused.`} You
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
