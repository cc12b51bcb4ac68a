import { useReplay } from '../../../state/recording/replay.ts';
import { type ColumnPhase, isRecorded, modelRunOf, type ShownColumn } from '../../../state/run/run.ts';

const phases: Readonly<Record<ColumnPhase, string>> = {
  queued: 'queued',
  loading: 'loading',
  scoring: 'running',
};

/** What the column is at, where that is worth a word. */
export function PhaseLabel({ column }: { readonly column: ShownColumn }) {
  const { state, phase, stale } = column;
  const recorded = isRecorded(column.run);
  const replaying = useReplay((s) => s.at !== null);
  const words: string[] = [];
  // Before the rows of this run are there, those of the one before may well be out of date.
  const outOfDate = stale && (state !== 'running' || phase === 'scoring');
  // The clock and the calls show that it runs: there is not room for both words.
  if (state === 'running' && !outOfDate && !recorded) words.push(phase ? phases[phase] : 'running');
  if (recorded) words.push(replaying ? 'replay' : 'recording');
  if (state === 'cancelled') words.push('cancelled');
  if (modelRunOf(column)?.raced) words.push('race');
  if (outOfDate) words.push('out of date');
  if (words.length === 0) return null;
  return (
    <span className="column-phase" title={outOfDate ? 'The inputs have changed. Rank again.' : undefined}>
      {words.join(' · ')}
    </span>
  );
}
