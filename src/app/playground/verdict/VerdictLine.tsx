import { playground } from '../../../state/playground.ts';
import { repeatRun } from '../../../state/present.ts';
import { useVerdict } from '../../../state/readings/selectors.ts';
import { useRun } from '../../../state/run/run.ts';
import { RecordedRunOffer } from '../../recording/RecordedRunOffer.tsx';
import { Button } from '../../ui/Button.tsx';
import { CopyButton } from '../CopyButton.tsx';
import { verdictSentences, verdictToCopy } from './words.ts';
import './verdict.css';

/**
 * What the run said, in plain words, once it has ended. Its room is there from the start, so that nothing
 * moves when a run ends; nothing is worked out while one goes on.
 */
export function VerdictLine() {
  const active = useRun((s) => s.active);
  return (
    <div className="verdict">
      <p role="status" className="verdict-text">
        {!active && <Sentences />}
      </p>
      {!active && <Actions />}
      <RecordedRunOffer />
    </div>
  );
}

function Sentences() {
  const verdict = useVerdict();
  const recorded = useRun((s) => s.aside !== null);
  if (!verdict) return null;
  return (
    <>
      {recorded && <span className="muted">As recorded: </span>}
      {verdictSentences(verdict).join(' ')}
    </>
  );
}

function Actions() {
  const verdict = useVerdict();
  const current = useRun((s) => !s.aside && Object.values(s.columns).every(({ stale }) => !stale));
  const recorded = useRun((s) => s.aside !== null);
  if (!verdict) return null;
  return (
    <div className="verdict-more">
      {current && (
        <Button
          kind="link"
          small
          title="Ask everything again, without the answers that were kept, and measure the times"
          onClick={() => playground.measureAgain()}
        >
          Measure again
        </Button>
      )}
      {current && (
        <Button
          kind="link"
          small
          title="Ask everything again five times: median and range of the times"
          onClick={() => repeatRun(5)}
        >
          Repeat × 5
        </Button>
      )}
      <CopyButton
        text={`${recorded ? 'Recording of ' : ''}${verdictToCopy(verdict)}`}
        name="Copy the verdict"
        failed="The browser did not allow copying."
      />
    </div>
  );
}
