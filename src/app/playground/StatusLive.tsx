import { useEffect, useRef, useState } from 'react';
import { COLUMNS, type Columns, candidatesOf, columnOf, modelRunOf, useRun } from '../../state/run/run.ts';
import type { Candidate } from '../../types.ts';
import { counted, formatMs, formatNumber } from '../ui/numbers.ts';
import { timeLeftText } from './column/TimeLeft.tsx';
import { shownAs, shownNames } from './methods.ts';

/** How often a run that goes on is spoken of: often enough to be followed, seldom enough to work beside it. */
const PROGRESS_MS = 15_000;

/** One sentence for a settled run. */
export function describeRun(state: Columns): string {
  const parts = COLUMNS.map((id) => {
    const column = columnOf(state, id);
    const name = shownNames[shownAs(id, column, 'student')];
    if (column.state === 'error') return `${name} failed: ${column.error?.message ?? 'unknown error'}`;
    if (column.state === 'cancelled') return `${name} cancelled`;
    if (column.state !== 'done') return null;
    if (id === 'bm25') return column.explanation ?? found(name, candidatesOf(column));
    return `${name} done in ${formatMs(column.run?.ms ?? 0)}`;
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
export function describeProgress(state: Columns): string {
  const of = (id: 'student' | 'teacher'): string[] => {
    const column = columnOf(state, id);
    const run = modelRunOf(column);
    if (column.phase !== 'scoring' || !run?.planned) return [];
    const answered = run.asked + run.cached;
    const bound = run.planned.upperBound ? 'at most ' : '';
    const calls = `${formatNumber(answered)} of ${bound}${counted(run.planned.calls, 'call')}`;
    const left = timeLeftText(column);
    return [`${shownNames[shownAs(id, column, 'student')]}: ${calls}${left && `, ${left}`}.`];
  };
  return [...of('student'), ...of('teacher')].join(' ');
}

/** Tells assistive technology when a run begins, how far it is from time to time, and when it has settled. */
export function StatusLive() {
  const active = useRun((s) => s.active);
  const was = useRef(active);
  const [text, setText] = useState('');
  useEffect(() => {
    if (was.current === active) return;
    was.current = active;
    const state = useRun.getState();
    // A run that asks first has not come about: the question itself says what there is to say.
    setText(active ? 'Ranking.' : state.needsConfirmation ? '' : describeRun(state));
  }, [active]);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => {
      const progress = describeProgress(useRun.getState());
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
