import type { ColumnPhase, ColumnRun } from '../../../state/run/run.ts';

const phases: Readonly<Record<ColumnPhase, string>> = {
  queued: 'queued',
  loading: 'loading',
  scoring: 'running',
};

/** What the column is at, where that is worth a word. */
export function PhaseLabel({ run }: { readonly run: ColumnRun }) {
  const words: string[] = [];
  // Before the rows of this run are there, those of the one before may well be out of date.
  const outOfDate = run.stale && (run.state !== 'running' || run.phase === 'scoring');
  // The clock and the calls show that it runs: there is not room for both words.
  if (run.state === 'running' && !outOfDate) words.push(run.phase ? phases[run.phase] : 'running');
  if (run.state === 'cancelled') words.push('cancelled');
  if (run.raced && run.state !== 'idle') words.push('race');
  if (outOfDate) words.push('out of date');
  if (words.length === 0) return null;
  return (
    <span className="column-phase" title={outOfDate ? 'The inputs have changed. Rank again.' : undefined}>
      {words.join(' · ')}
    </span>
  );
}
