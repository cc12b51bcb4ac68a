import type { ScorerInfo } from '../../../inference/scorer.ts';
import { useModels } from '../../../state/models/models.ts';
import { type ModelRun, useRun } from '../../../state/run/run.ts';
import type { ScorerSlot } from '../../../workers/types.ts';

/** The model of a slot, and whether it is the one that answered in the run. */
export function useDecider(slot: ScorerSlot, { info }: Pick<ModelRun, 'info'>) {
  const ready = useModels((s) => s.slots[slot].ready);
  const loaded = ready?.info ?? null;
  const same =
    loaded !== null && info !== null && loaded.digest === info.digest && loaded.dtype === info.dtype;
  return { loaded, same, card: ready?.card };
}

/** That answers which are shown are another model's than the run's, where they are. */
export function AnswererNote({
  by,
  run,
}: {
  readonly by: Pick<ScorerInfo, 'name' | 'digest' | 'dtype' | 'service'> | null | undefined;
  readonly run: Pick<ModelRun, 'info'>;
}) {
  if (!by || (by.digest === run.info?.digest && by.dtype === run.info.dtype)) return null;
  return (
    <p className="muted">
      These answers are {by.name}’s ({where(by)}), not those of the model in the run.
    </p>
  );
}

/** Who will answer: beside a recording, and where it is another model than the one that decided. */
export function DeciderNote({
  slot,
  run,
}: {
  readonly slot: ScorerSlot;
  readonly run: Pick<ModelRun, 'info'>;
}) {
  const { loaded, same } = useDecider(slot, run);
  const recording = useRun((s) => s.aside !== null);
  if (same && !recording) return null;
  if (same) {
    return (
      <p className="decision-note">
        The answers in the run are recorded. What you ask here is answered now, on this machine, by the same
        model ({loaded?.name}, {loaded && where(loaded)}); the recording stays as it is.
      </p>
    );
  }
  const before = run.info ? `${run.info.name} (${where(run.info)})` : 'a model that is not named';
  return (
    <p className="decision-note">
      {loaded ? (
        <>
          The answers in the run are {before}’s. Asked now is{' '}
          <strong>
            {loaded.name} ({where(loaded)})
          </strong>
          , another model: its answers cannot be set beside the old ones.
        </>
      ) : (
        <>No model is loaded yet: what is asked waits for it. The answers in the run are {before}’s.</>
      )}
    </p>
  );
}

/** Its number format, or who else computed. */
const where = ({ dtype, service }: Pick<ScorerInfo, 'dtype' | 'service'>): string => service ?? dtype;
