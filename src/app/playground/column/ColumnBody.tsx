import type { ReactNode } from 'react';
import type { ErrorData } from '../../../errors.ts';
import { type ModelSlot, useModels } from '../../../state/models/models.ts';
import { methodOf } from '../../../state/models/templates.ts';
import { playground } from '../../../state/playground.ts';
import { useDoubt } from '../../../state/readings/selectors.ts';
import { slowTextsOf } from '../../../state/readings/slow-texts.ts';
import type { ColumnId, ShownColumn } from '../../../state/run/run.ts';
import { useSettings } from '../../../state/settings.ts';
import type { ScorerSlot } from '../../../workers/types.ts';
import { Button } from '../../ui/Button.tsx';
import { focusField } from '../../ui/focus-field.ts';
import { formatBytes } from '../../ui/numbers.ts';
import { Progress } from '../../ui/Progress.tsx';
import { columnNames } from '../methods.ts';
import { Introduction } from './Introduction.tsx';
import { ResumeButton } from './ResumeButton.tsx';

/** What stands above the rows or in their place: introduction, waiting, cancelled, failed, nothing found. */
export function ColumnBody({ id, column }: { readonly id: ColumnId; readonly column: ShownColumn }) {
  const slot = useModels((s) => (id === 'bm25' ? null : s.slots[id]));
  const { state, phase } = column;
  const empty = !column.run || column.run.order.length === 0;
  if (state === 'error') {
    return <Failure id={id} error={column.error} onRetry={() => playground.resume(id)} />;
  }
  if (state === 'cancelled' && empty) {
    return (
      <div className="column-note">
        <p>Cancelled before there was a ranking.</p>
        <ResumeButton id={id} />
      </div>
    );
  }
  if (column.explanation) return <p className="column-note">{column.explanation}</p>;
  if (slot?.status === 'error' && id !== 'bm25' && state === 'idle') {
    return <Failure id={id} error={slot.error} onRetry={() => playground.retryModel(id)} />;
  }
  if (slot && slot.status === 'loading' && (phase === 'loading' || state === 'idle')) {
    return <Loading slot={slot}>{empty && <Introduction id={id} />}</Loading>;
  }
  if (state === 'idle') {
    return (
      <div className="column-note">
        <Introduction id={id} />
      </div>
    );
  }
  return (
    <>
      {id !== 'bm25' && <SlowTexts id={id} column={column} />}
      <Doubt id={id} />
      <Unsettled column={column} />
    </>
  );
}

/** Why it takes so long: said while it does, and of the run that took so long. */
function SlowTexts({ id, column: { run } }: { readonly id: ScorerSlot; readonly column: ShownColumn }) {
  const slot = useModels((s) => s.slots[id]);
  const chosen = useSettings((s) => methodOf(id, s));
  const ran = run && run.kind !== 'first-stage' ? run : null;
  const notice = useModels((s) => slowTextsOf(slot.model?.id, ran?.method ?? chosen, s));
  const own = !ran?.info || ran.info.digest === slot.ready?.info.digest;
  return notice && own ? <p className="column-note">{notice}</p> : null;
}

/** Above rows that may be no answer. */
function Doubt({ id }: { readonly id: ColumnId }) {
  const doubt = useDoubt(id);
  if (!doubt) return null;
  return (
    <div className="column-note column-doubt">
      <p>{doubt.text}</p>
      <p>{doubt.reason}</p>
    </div>
  );
}

/** Where the exact places of a finished ranking end. */
function Unsettled({ column: { state, run } }: { readonly column: ShownColumn }) {
  const top = run && run.kind !== 'first-stage' ? run.top : undefined;
  if (state !== 'done' || top === undefined || !run || top >= run.order.length) return null;
  return (
    <p className="column-note">
      The first {top} stand as with all pairs; the others stand by what is known of them.
    </p>
  );
}

/** What went wrong, and what helps: a query or a prompt that was refused once is refused again. */
function Failure({
  id,
  error,
  onRetry,
}: {
  readonly id: ColumnId;
  readonly error: ErrorData | null;
  readonly onRetry: () => void;
}) {
  return (
    <div className="column-note column-error" role="alert">
      <p>{error?.message ?? 'Something went wrong.'}</p>
      {error?.code !== 'bad-input' && (
        <Button small onClick={onRetry} aria-label={`Retry ${columnNames[id]}`}>
          Retry
        </Button>
      )}
      {error?.details?.maxTokens !== undefined && (
        <Button small onClick={() => focusField('Query')}>
          Edit the query
        </Button>
      )}
    </div>
  );
}

function Loading({ slot, children }: { readonly slot: ModelSlot; readonly children: ReactNode }) {
  const { progress } = slot;
  const what =
    progress?.phase === 'download'
      ? `Reading ${progress.file}, ${formatBytes(progress.loaded)} of ${formatBytes(progress.total)}`
      : progress?.phase === 'compile'
        ? 'Preparing the model'
        : progress?.phase === 'warm'
          ? 'Warming up'
          : 'Loading the model';
  return (
    <div className="column-note">
      {children}
      <p>
        {what}
        {slot.model ? ` (${slot.model.name})` : ''}
      </p>
      <Progress
        label="Loading the model"
        value={
          progress?.phase === 'download' && progress.total > 0 ? progress.loaded / progress.total : undefined
        }
      />
    </div>
  );
}
