import { useEffect, useState } from 'react';
import type { ShownColumn } from '../../../state/run/run.ts';
import { formatMs } from '../../ui/numbers.ts';

/** How often a running clock is redrawn: often enough to be seen running, seldom enough to be read. */
const tick = 100;

/** Time of the ranking: runs on between events while scoring, ends at what the worker measured. */
export function Stopwatch({ column }: { readonly column: ShownColumn }) {
  const { startedAt, waiting, run } = column;
  const taken = waiting ? 0 : (run?.ms ?? 0);
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (startedAt === null) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), tick);
    return () => clearInterval(timer);
  }, [startedAt]);

  if (column.state === 'idle' || (taken === 0 && startedAt === null)) return null;
  const ms = startedAt === null ? taken : Math.max(taken, now - startedAt);
  return (
    <span className="column-time">
      <span className="visually-hidden">Time </span>
      {formatMs(ms)}
    </span>
  );
}
