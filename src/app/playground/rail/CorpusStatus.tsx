import { useEffect, useMemo, useState } from 'react';
import { useCorpus } from '../../../state/corpus/corpus.ts';
import { currentFields } from '../../../state/corpus/corpus-fields.ts';
import { currentNotes } from '../../../state/corpus/corpus-notes.ts';
import { problemsOf } from '../../../state/corpus/corpus-problems.ts';
import { playground } from '../../../state/playground.ts';
import { Button } from '../../ui/Button.tsx';
import { counted, formatBytes, formatMs, formatNumber } from '../../ui/numbers.ts';
import { Progress } from '../../ui/Progress.tsx';
import { EncodingChoice } from './EncodingChoice.tsx';
import { FormatChoice } from './FormatChoice.tsx';
import { ProblemsDialog } from './ProblemsDialog.tsx';

/** What became of the corpus: size and format, progress, notes, bad lines, and the way back to the one before. */
export function CorpusStatus({ arrived }: { readonly arrived: boolean }) {
  const index = useCorpus((s) => s.index);
  const replaced = useCorpus((s) => s.replaced);
  const undo = useCorpus((s) => s.undoReplace);
  const [showProblems, setShowProblems] = useState(false);

  const bad = useMemo(() => problemsOf(index), [index]);
  const notes = useMemo(() => currentNotes(index), [index]);
  const fields = useMemo(() => currentFields(index), [index]);
  const blocked = bad !== null && !bad.skipped;
  useEffect(() => setShowProblems(blocked && arrived), [blocked, arrived]);

  return (
    <div className="corpus-status">
      <div className="corpus-line">
        {index.state === 'empty' && <span>No passages yet</span>}
        {index.state === 'pending' && <span>…</span>}
        {index.state === 'loading' && (
          <span>
            {index.phase === 'reading' ? 'Reading' : 'Indexing'}
            {index.total > 0
              ? ` ${Math.floor((index.done / index.total) * 100)} %`
              : index.done > 0
                ? ` ${formatNumber(index.done)}`
                : ''}
          </span>
        )}
        {index.state === 'ready' && (
          <span title={`Indexed in ${formatMs(index.summary.indexMs)}`}>
            {counted(index.summary.passages, 'passage')} · {formatBytes(index.summary.bytes)} ·{' '}
            {index.summary.opened?.gzip && 'gzip · '}
            <FormatChoice format={index.summary.format} />
            <EncodingChoice encoding={index.summary.opened?.encoding} />
          </span>
        )}
        {replaced && (
          <Button kind="link" onClick={undo} title="Bring back the corpus that was here before">
            Undo
          </Button>
        )}
      </div>
      {index.state === 'loading' && (
        <Progress label="Reading the corpus" value={index.total > 0 ? index.done / index.total : undefined} />
      )}
      {bad?.skipped && (
        <Button kind="link" onClick={() => setShowProblems(true)}>
          {counted(bad.count, 'bad line')} skipped
        </Button>
      )}
      {fields && (
        <p className="corpus-fields">
          {fields.read} {fields.leftOut}
        </p>
      )}
      {notes.length > 0 && (
        <ul className="corpus-notes" aria-label="Notes on the corpus">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {index.state === 'error' && (
        <div className="corpus-error" role="alert">
          <p>{index.error.message}</p>
          <EncodingChoice />
          {blocked ? (
            <Button small onClick={() => setShowProblems(true)}>
              Show bad lines
            </Button>
          ) : (
            <Button small onClick={() => playground.retryCorpus()} aria-label="Retry corpus">
              Retry
            </Button>
          )}
        </div>
      )}
      {showProblems && bad && <ProblemsDialog bad={bad} onClose={() => setShowProblems(false)} />}
    </div>
  );
}
