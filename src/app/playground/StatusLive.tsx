import { useEffect, useRef, useState } from 'react';
import { COLUMNS, type ColumnRun, type RunState, useRun } from '../../state/run/run.ts';
import type { Candidate } from '../../types.ts';
import { counted, formatMs, formatNumber } from '../ui/numbers.ts';
import { timeLeftText } from './column/TimeLeft.tsx';
import { shownAs, shownNames } from './methods.ts';

/** How often a run that goes on is spoken of: often enough to be followed, seldom enough to work beside it. */
const PROGRESS_MS = 15_000;

/** One sentence for a settled run. */
export function describeRun(columns: RunState['columns']): string {
  const parts = COLUMNS.map((id) => {
    const run = columns[id];
    const name = shownNames[shownAs(id, run, 'student')];
    if (run.state === 'error') return `${name} failed: ${run.error?.message ?? 'unknown error'}`;
    if (run.state === 'cancelled') return `${name} cancelled`;
    if (run.state !== 'done') return null;
    if (id === 'bm25') return run.explanation ?? found(name, run.candidates);
    return `${name} done in ${formatMs(run.ms)}`;
  });
  return parts.flatMap((part) => (part ? [part.replace(/\.?$/, '.')] : [])).join(' ');
}

function found(name: string, candidates: readonly Candidate[]): string {
  const retrieved = candidates.filter(({ filled }) => !filled).length;
  const more = candidates.length - retrieved;
  const text = `${name} found ${counted(retrieved, 'candidate')}`;
  return more === 0 ? text : `${text}; ${more} more, with no shared words, complete the list`;
}

/** `Teacher: 45 of 90 calls, about 12 s left.` for each column that is scoring. */
export function describeProgress(columns: RunState['columns']): string {
  const of = (id: 'student' | 'teacher', run: ColumnRun): string[] => {
    if (run.phase !== 'scoring' || !run.planned) return [];
    const answered = run.asked + run.cached;
    const bound = run.planned.upperBound ? 'at most ' : '';
    const calls = `${formatNumber(answered)} of ${bound}${counted(run.planned.calls, 'call')}`;
    const left = timeLeftText(run);
    return [`${shownNames[shownAs(id, run, 'student')]}: ${calls}${left && `, ${left}`}.`];
  };
  return [...of('student', columns.student), ...of('teacher', columns.teacher)].join(' ');
}

/** Tells assistive technology when a run begins, how far it is from time to time, and when it has settled. */
export function StatusLive() {
  const active = useRun((s) => s.active);
  const was = useRef(active);
  const [text, setText] = useState('');
  useEffect(() => {
    if (was.current === active) return;
    was.current = active;
    const { columns, needsConfirmation } = useRun.getState();
    // A run that asks first has not come about: the question itself says what there is to say.
    setText(active ? 'Ranking.' : needsConfirmation ? '' : describeRun(columns));
  }, [active]);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => {
      const progress = describeProgress(useRun.getState().columns);
      if (progress) setText(progress);
    }, PROGRESS_MS);
    return () => clearInterval(timer);
  }, [active]);
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}
