import { useId } from 'react';
import type { ErrorData } from '../../../errors.ts';
import { library, useLibrary } from '../../../state/models/library.ts';
import { useModels } from '../../../state/models/models.ts';
import { isOriginal, nameOfId } from '../../../state/models/stored-models.ts';
import { useSettings } from '../../../state/settings.ts';
import type { DownloadState } from '../../../workers/download-protocol.ts';
import type { ScorerSlot } from '../../../workers/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Progress } from '../../ui/Progress.tsx';
import { Countdown } from './Countdown.tsx';
import { focusStored } from './focus-stored.ts';
import { conversionWords, progressWords, storedWords } from './words.ts';

/** One model: on its way, being converted, or there; with what can be done about it. */
export function StoredItem({ id }: { readonly id: string }) {
  const model = useLibrary((s) => s.stored?.find((one) => one.id === id));
  const download = useLibrary((s) => s.downloads[id]);
  const conversion = useLibrary((s) => s.conversions[id]);
  const heading = useId();
  const title = model?.title ?? nameOfId(id);
  const remove = (
    <Button
      small
      onClick={() => {
        focusStored();
        void library.remove(id);
      }}
    >
      Delete
    </Button>
  );
  const content = () => {
    if (download) return <Downloading id={id} title={title} state={download} kept={model !== undefined} />;
    if (!model) return null;
    if (conversion?.status === 'running') {
      const { progress, secondsLeft } = conversion;
      const share = progress && progress.total > 0 ? progress.done / progress.total : undefined;
      return (
        <>
          <Progress label={title} value={share} />
          <p className="muted">{conversionWords(progress, secondsLeft)}</p>
          <div className="stored-buttons">
            <Button small onClick={() => library.cancelConversion(id)}>
              Cancel
            </Button>
          </div>
        </>
      );
    }
    if (isOriginal(model)) {
      return (
        <>
          {conversion ? (
            <Failed error={conversion.error} />
          ) : (
            <p className="muted">{storedWords(model)}: downloaded, not converted yet.</p>
          )}
          <div className="stored-buttons">
            <Button small onClick={() => void library.convert(id)}>
              Convert
            </Button>
            {isFull(conversion?.error) && (
              <Button small onClick={() => void library.convert(id, 'memory')}>
                Convert into memory
              </Button>
            )}
            {remove}
          </div>
        </>
      );
    }
    return (
      <>
        <p className="muted">{storedWords(model)}</p>
        <div className="stored-buttons">
          <UseButton id={id} slot="student" />
          {/* A cross-encoder scores passages alone, and cannot compare them. */}
          {model.kind !== 'text-classification' && <UseButton id={id} slot="teacher" />}
          {remove}
        </div>
        <InUse id={id} />
      </>
    );
  };
  return (
    <li aria-labelledby={heading}>
      <h4 className="stored-name" id={heading}>
        {title}
      </h4>
      {content()}
    </li>
  );
}

interface DownloadingProps {
  readonly id: string;
  readonly title: string;
  readonly state: DownloadState;
  /** Something of it is there, to go on from. */
  readonly kept: boolean;
}

function Downloading({ id, title, state, kept }: DownloadingProps) {
  const { status, progress } = state;
  const share = progress.total > 0 ? progress.bytes / progress.total : undefined;
  const cancel = (
    <Button
      small
      onClick={() => {
        focusStored();
        void library.cancel(id);
      }}
    >
      Cancel
    </Button>
  );
  // A copy of what was dropped cannot go on later: it runs, or it is dropped again.
  const local = id.startsWith('local:');
  if (status === 'failed' && !kept) {
    return (
      <>
        <Failed error={state.error} />
        <div className="stored-buttons">{cancel}</div>
      </>
    );
  }
  return (
    <>
      <Progress label={title} value={share} />
      {status === 'failed' ? (
        <Failed error={state.error} />
      ) : (
        <p className="muted">
          {status === 'paused' && (state.elsewhere ? 'In another tab · ' : 'Paused · ')}
          {progressWords(progress)}
          {status === 'running' && progress.waiting && <Countdown waiting={progress.waiting} />}
        </p>
      )}
      <div className="stored-buttons">
        {!local && (
          <Button small onClick={() => void (status === 'running' ? library.pause(id) : library.resume(id))}>
            {status === 'running' ? 'Pause' : 'Resume'}
          </Button>
        )}
        {status === 'failed' && isFull(state.error) && (
          <Button small onClick={() => void library.resume(id, 'memory')}>
            Keep in memory
          </Button>
        )}
        {cancel}
      </div>
    </>
  );
}

const isFull = (error: ErrorData | undefined): boolean => error?.details?.full === true;

const Failed = ({ error }: { readonly error: ErrorData }) => (
  <p className="column-note column-error" role="alert">
    {error.message}
  </p>
);

const COLUMNS: Readonly<Record<ScorerSlot, string>> = { student: 'Student', teacher: 'Teacher' };

function UseButton({ id, slot }: { readonly id: string; readonly slot: ScorerSlot }) {
  const used = useSettings(
    (s) => s.models[slot] === id && (slot === 'teacher' || s.studentMode === 'student'),
  );
  const { chooseModel, setStudentMode } = useSettings.getState();
  return (
    <Button
      small
      aria-pressed={used}
      onClick={() => {
        chooseModel(slot, id);
        if (slot === 'student') setStudentMode('student');
      }}
    >
      Use as {COLUMNS[slot]}
    </Button>
  );
}

/** How it goes in the columns that have it. */
function InUse({ id }: { readonly id: string }) {
  const slots = useModels((s) => s.slots);
  return (['student', 'teacher'] as const)
    .filter((slot) => slots[slot].model?.id === id)
    .map((slot) => {
      const { status, error } = slots[slot];
      if (status === 'error' && error) return <Failed key={slot} error={error} />;
      return (
        <p key={slot} className="stored-use" data-method={slot} role="status">
          {COLUMNS[slot]}:{' '}
          {status === 'ready' ? (
            <>
              loaded, ready to rank in the <a href="#/">Playground</a>
            </>
          ) : (
            'loading …'
          )}
        </p>
      );
    });
}
