import { useEffect, useRef, useState } from 'react';
import type { Recording } from '../../formats/recording/recording.ts';
import { backToWork, type RecordingOrigin, showQuery, useOpened } from '../../state/recording/opened.ts';
import { canReplay, useReplay } from '../../state/recording/replay.ts';
import { Button } from '../ui/Button.tsx';
import { RecordedQueries } from './RecordedQueries.tsx';
import { ReplayControls } from './ReplayControls.tsx';
import './recording.css';

/** Above the columns while they show a recording: whose figures these are, replay, and the way back. */
export function RecordingBar() {
  const { shown, name, origin, list, at } = useOpened();
  const replaying = useReplay((s) => s.at !== null);
  const [browsing, setBrowsing] = useState(false);
  const bar = useRef<HTMLElement>(null);
  const isShown = shown !== null;
  // On a narrow screen it lies under the inputs, where nobody would see that a link has opened it.
  useEffect(() => {
    if (isShown) bar.current?.scrollIntoView({ block: 'nearest' });
  }, [isShown]);
  if (!shown) return null;
  return (
    <section ref={bar} className="recording" aria-label="Recording">
      <div className="recording-line">
        <strong className="recording-mark">{replaying ? 'Replay' : 'Recording'}</strong>
        <span className="recording-about">
          {whence(origin, name)}
          {madeWords(shown.recording)} These figures were measured there, not here; no model is asked unless
          you do so in a decision.
        </span>
        <Button small onClick={backToWork}>
          Back to my work
        </Button>
      </div>
      <div className="recording-line">
        <p className="recording-query">
          <span className="muted">Query </span>
          {shown.recording.query.text}
        </p>
        {list.length > 1 && (
          <span className="recording-browse">
            <Button
              small
              aria-label="Previous query"
              disabled={at === 0}
              onClick={() => void showQuery(at - 1)}
            >
              ←
            </Button>
            <Button small onClick={() => setBrowsing(true)}>
              {at + 1} of {list.length}
            </Button>
            <Button
              small
              aria-label="Next query"
              disabled={at === list.length - 1}
              onClick={() => void showQuery(at + 1)}
            >
              →
            </Button>
          </span>
        )}
        {canReplay(shown) ? (
          <ReplayControls />
        ) : (
          <p className="muted recording-untimed">
            It says what was answered, not when: there is nothing to replay.
          </p>
        )}
      </div>
      {browsing && <RecordedQueries list={list} at={at} onClose={() => setBrowsing(false)} />}
    </section>
  );
}

function whence(origin: RecordingOrigin, name: string): string {
  if (origin === 'link') return 'From a link, a preview that replaces nothing of yours.';
  if (origin === 'sample') return `Made by this page for its sample “${name}”.`;
  if (origin === 'pinned') return `Pinned: ${name}.`;
  if (origin === 'evaluation') return `From the evaluation of ${name}.`;
  return `${name}.`;
}

/** ` Made on 29 November 2026, Linux, 2 cores.`; '' where the file does not say. */
function madeWords({ made }: Recording): string {
  if (!made) return '';
  const date = new Date(made.at);
  if (Number.isNaN(date.getTime())) return '';
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  return ` Made on ${day}${made.on ? `, ${made.on}` : ''}.`;
}
