import { timeLeft } from '../../../state/readings/time-left.ts';
import { modelRunOf, type ShownColumn } from '../../../state/run/run.ts';
import { formatEstimate } from '../../ui/numbers.ts';

/** `about 12 s left`, `up to 12 s left`; '' where less than a second is left or nothing can be said. */
export function timeLeftText(column: ShownColumn): string {
  const run = modelRunOf(column);
  const left = run && timeLeft(column, run);
  if (!left || left.seconds < 1) return '';
  const time = formatEstimate(left.seconds);
  return `${left.upperBound ? time.replace('about', 'up to') : time} left`;
}

/** How long the column will still take; the line of assistive technology is StatusLive's. */
export function TimeLeft({ column }: { readonly column: ShownColumn }) {
  const text = timeLeftText(column);
  return text === '' ? null : <span className="column-left">{text}</span>;
}
