import { adviceFor } from '../../../state/models/model-slots.ts';
import { useModels } from '../../../state/models/models.ts';
import { playground } from '../../../state/playground.ts';
import { conditions } from '../../../state/readings/speed-up.ts';
import { useRun } from '../../../state/run/run.ts';
import type { ScorerSlot } from '../../../workers/types.ts';
import { Button } from '../../ui/Button.tsx';
import type { Answerer } from './useAnswers.ts';

interface Props {
  readonly slot: ScorerSlot;
  readonly answerer: Answerer;
}

/** Who answers in the figure: the model, live; or a recording, and why. */
export function ModelNote({ slot, answerer: { live, recording, error, retry } }: Props) {
  const { status, ready, progress, error: failed } = useModels((s) => s.slots[slot]);
  const catalogError = useModels((s) => s.catalogError);
  const ranking = useRun((s) => s.active);
  const fault = status === 'error' ? failed : catalogError;
  const standsIn = recording
    ? `Until then the figure shows answers recorded on ${dateOf(recording.made.at)} (${recording.checkpoint.name}, ${conditions(recording.checkpoint)}).`
    : 'Until then there are no answers to show.';
  return (
    <div className="model-note">
      {error !== null && (
        <p role="alert">
          The model gave no answer: {error}{' '}
          <Button small onClick={retry}>
            Ask again
          </Button>
        </p>
      )}
      {live && ready && (
        <p className="muted" role="status">
          Answered here and now by {ready.info.name} ({conditions(ready.info)}).
        </p>
      )}
      {!live && fault && (
        <p role="alert">
          The model could not be loaded: {fault.message} {adviceFor(fault)} {standsIn}{' '}
          <Button small onClick={() => playground.retryModel(slot)}>
            Retry
          </Button>
        </p>
      )}
      {!live && !fault && (
        <p role="status" data-recorded={recording !== undefined}>
          {ranking
            ? 'The Playground is ranking; the model answers here when it is done.'
            : `The model is loading${progress?.phase === 'download' && progress.total > 0 ? ` (${Math.round((100 * progress.loaded) / progress.total)} %)` : ''}.`}{' '}
          {standsIn}
        </p>
      )}
    </div>
  );
}

const dateOf = (iso: string): string =>
  new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
