import { timeLeft } from '../../../state/readings/time-left.ts';
import type { ColumnRun } from '../../../state/run/run.ts';
import { formatEstimate } from '../../ui/numbers.ts';

/** `about 12 s left`, `up to 12 s left`; '' where less than a second is left or nothing can be said. */
export function timeLeftText(run: ColumnRun): string {
  const left = timeLeft(run);
  if (!left || left.seconds < 1) return '';
  const time = formatEstimate(left.seconds);
  return `${left.upperBound ? time.replace('about', 'up to') : time} left`;
}

/** How long the column will still take; the line of assistive technology is StatusLive's. */
export function TimeLeft({ run }: { readonly run: ColumnRun }) {
  const text = timeLeftText(run);
  return text === '' ? null : <span className="column-left">{text}</span>;
}
