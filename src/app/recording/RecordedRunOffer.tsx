import { useCorpus } from '../../state/corpus/corpus.ts';
import { openSampleRecording } from '../../state/recording/opened.ts';
import { useRun } from '../../state/run/run.ts';
import { Button } from '../ui/Button.tsx';

/** While there is nothing to see yet, and models may still be loading: a run of this sample that was recorded. */
export function RecordedRunOffer() {
  const idle = useRun(
    (s) => !s.active && !s.aside && Object.values(s.columns).every(({ state }) => state === 'idle'),
  );
  const samples = useCorpus((s) => s.samples);
  const origin = useCorpus((s) => s.origin);
  const sample = samples.find(({ id }) => id === origin);
  if (!idle || !sample) return null;
  return (
    <p className="recorded-offer">
      <span>Nothing has been ranked yet. You can watch a run that this page has recorded:</span>
      <Button small onClick={() => void openSampleRecording(sample.id, sample.title)}>
        See a recorded run
      </Button>
    </p>
  );
}
