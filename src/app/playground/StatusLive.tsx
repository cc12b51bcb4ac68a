import { useEffect, useRef, useState } from 'react';
import { COLUMNS, type RunState, useRun } from '../../state/run.ts';
import { counted, formatMs } from '../ui/numbers.ts';
import { shownAs, shownNames } from './methods.ts';

/** One sentence for a settled run. */
export function describeRun(columns: RunState['columns']): string {
  const parts = COLUMNS.map((id) => {
    const run = columns[id];
    const name = shownNames[shownAs(id, run, 'student')];
    if (run.state === 'error') return `${name} failed: ${run.error?.message ?? 'unknown fault'}`;
    if (run.state === 'cancelled') return `${name} cancelled`;
    if (run.state !== 'done') return null;
    if (id === 'bm25')
      return run.explanation ?? `${name} found ${counted(run.candidates.length, 'candidate')}`;
    return `${name} done in ${formatMs(run.ms)}`;
  });
  return parts.flatMap((part) => (part ? [part.replace(/\.?$/, '.')] : [])).join(' ');
}

/** Tells assistive technology when a run begins and when it has settled, and nothing in between. */
export function StatusLive() {
  const active = useRun((s) => s.active);
  const columns = useRun((s) => s.columns);
  const was = useRef(active);
  const [text, setText] = useState('');
  useEffect(() => {
    if (was.current === active) return;
    was.current = active;
    setText(active ? 'Ranking.' : describeRun(columns));
  }, [active, columns]);
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}
