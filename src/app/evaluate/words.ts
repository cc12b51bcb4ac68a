/** What the Evaluate screen says, in sentences. */
import type { ValueStyle } from '../../evaluation/table/columns.ts';
import type { EvaluateState } from '../../state/evaluate/store.ts';
import type { ShownEvaluation } from '../../state/evaluate/table.ts';
import type { CollectionSummary } from '../../workers/collection-protocol.ts';
import { counted, formatEstimate, formatMs, formatNumber, formatShare, formatSigned } from '../ui/numbers.ts';

export const estimateText = ({ calls, upperBound }: NonNullable<EvaluateState['estimate']>): string =>
  `${upperBound ? 'Up to ' : ''}${counted(calls, 'call')}`;

type Status = Pick<EvaluateState, 'state' | 'phase' | 'progress' | 'estimate' | 'results' | 'rowErrors'>;

/** One line: what is to be done, is being done, or has been. */
export function statusText(
  { state, phase, progress, estimate, results, rowErrors }: Status,
  summary: Pick<CollectionSummary, 'kind' | 'queries'> | null,
  shown: Pick<ShownEvaluation, 'orders'> | null,
): string {
  if (!summary) return 'Open data first.';
  const size = summary.queries.length;
  const queries = counted(size, 'query', 'queries');
  if (summary.kind === 'runs') return `${queries}, measured as the runs rank them.`;
  const cost =
    estimate && estimate.calls > 0
      ? `${estimateText(estimate)}${estimate.seconds === null ? '' : `, ${formatEstimate(estimate.seconds)}`}`
      : null;
  switch (state) {
    case 'idle':
      return cost === null ? `${queries}.` : `${queries}: ${lower(cost)}.`;
    case 'running':
      return runningText(phase, progress, results.foundCount, size, shown);
    case 'stopped':
      return `Stopped after ${formatNumber(progress.queriesDone || completeOf(shown, size))} of ${queries}${cost === null ? '' : `; ${lower(cost)} left`}. Press Run to continue.`;
    case 'done':
      return `${capital(queries)} ranked by every method.`;
    case 'error':
      return rowErrors.size > 0
        ? `${counted(rowErrors.size, 'row')} could not be ranked; the others are done. Run tries again.`
        : `Failed after ${formatNumber(progress.queriesDone)} of ${queries}. Press Run to continue.`;
  }
}

function runningText(
  phase: EvaluateState['phase'],
  { at, answered, planned, secondsLeft }: EvaluateState['progress'],
  found: number,
  size: number,
  shown: Pick<ShownEvaluation, 'orders'> | null,
): string {
  if (phase === 'queued') return 'Waiting for the ranking in the Playground to end.';
  if (phase === 'finding' || !at)
    return `Finding candidates, ${formatNumber(found)} of ${counted(size, 'query', 'queries')}.`;
  const row = shown?.orders.find(({ id }) => id === at.row)?.name ?? '';
  const left = secondsLeft === null ? '' : `, ${formatEstimate(secondsLeft)} left`;
  return `Query ${formatNumber(at.query + 1)} of ${formatNumber(size)} · ${row} · ${formatNumber(answered)} of ${counted(planned, 'call')}${left}`;
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Queries that all rows have. */
function completeOf(shown: Pick<ShownEvaluation, 'orders'> | null, size: number): number {
  const rows = shown?.orders ?? [];
  let done = 0;
  for (let place = 0; place < size; place++) if (rows.every(({ orders }) => orders[place])) done++;
  return done;
}

/** A value in the table: `.943`, `1,204`, `35.1 ms`, `3.2 G`. */
export function valueText(value: number | null, style: ValueStyle): string {
  if (value === null) return '–';
  switch (style) {
    case 'share':
    case 'signed':
      return formatShare(value);
    case 'count':
      return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : formatNumber(value);
    case 'seconds':
      return formatMs(1000 * value);
    case 'operations':
    case 'rate':
      return prefixed(value);
  }
}

/** A difference with its sign: `+.120`, `−35.1 ms`, `0`. */
export function differenceText(value: number, style: ValueStyle): string {
  if (Number.isNaN(value)) return '–';
  if (style === 'share' || style === 'signed') return formatSigned(value);
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${valueText(Math.abs(value), style)}`;
}

const PREFIXES = ['', ' k', ' M', ' G', ' T', ' P', ' E'] as const;

/** Three digits and a prefix: `3.21 G`. */
export function prefixed(value: number): string {
  let [rest, at] = [value, 0];
  while (rest >= 999.5 && at < PREFIXES.length - 1) {
    rest /= 1000;
    at++;
  }
  return `${rest >= 99.95 ? rest.toFixed(0) : rest.toPrecision(3)}${PREFIXES[at]}`;
}
