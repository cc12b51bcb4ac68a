import { useState } from 'react';
import type { Recording } from '../../formats/recording/recording.ts';
import { playground } from '../../state/playground.ts';
import { useRun } from '../../state/run/run.ts';
import { Button } from '../ui/Button.tsx';
import { lazyPart, soon } from '../ui/lazy-part.tsx';
import { MissingDialog } from '../ui/MissingDialog.tsx';

const ShareDialog = lazyPart(
  soon(() => import('./ShareDialog.tsx').then((module) => module.ShareDialog)),
  ({ onClose }) => <MissingDialog title="Share this run" onClose={onClose} />,
);

/** Gives what the columns show to others: as a file, or in a link that holds all of it. */
export function ShareButton() {
  const [recording, setRecording] = useState<Recording | null>(null);
  const nothing = useRun((s) => s.active || Object.values(s.columns).every(({ state }) => state === 'idle'));
  return (
    <>
      <Button
        small
        disabled={nothing}
        title={nothing ? 'Rank first, or wait for the end of the ranking' : undefined}
        onClick={() => setRecording(playground.shared())}
      >
        Share
      </Button>
      {recording && <ShareDialog recording={recording} onClose={() => setRecording(null)} />}
    </>
  );
}
