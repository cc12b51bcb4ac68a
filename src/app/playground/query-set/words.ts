/** A query set in words and figures: how far it is, and what its intervals allow to say. */
import type { PairedDifference } from '../../../evaluation/significance.ts';
import type { QuerySetState } from '../../../state/query-set/store.ts';
import { counted, formatEstimate, formatNumber, formatShare, formatSigned } from '../../ui/numbers.ts';
import { type ShownAs, shownNames } from '../methods.ts';

/** A p-value from here on is not evidence of a difference. */
const LEVEL = 0.05;

export const queriesText = (count: number): string => counted(count, 'query', 'queries');

/** `+.120 (+.030 to +.210), p = .016` */
export const intervalText = ({ mean, low, high, p }: PairedDifference): string =>
  `${formatSigned(mean)} (${formatSigned(low)} to ${formatSigned(high)}), ${pText(p)}`;

const pText = (p: number): string => (p < 0.0005 ? 'p < .001' : `p = ${formatShare(p)}`);

/**
 * What may be said of a difference. The interval must lie beside 0 at the precision it is shown with, for one whose
 * shown bound is .000 contains 0 for everybody who reads it. And the randomisation test, exact for few queries, must
 * agree: the bootstrap's interval alone claims too much of seven or eight.
 */
export function differenceVerdict({
  low,
  high,
  p,
}: PairedDifference): 'higher' | 'lower' | 'not measurably different' {
  const [from, to] = [low, high].map((value) => Number(value.toFixed(3)));
  if (Number(p.toFixed(3)) >= LEVEL) return 'not measurably different';
  if (from! > 0) return 'higher';
  return to! < 0 ? 'lower' : 'not measurably different';
}

/** What to keep in mind where BM25 is mostly misled, as the samples mislead it; undefined where it is not. */
export function hardOnBm25Text(misses: number, queries: number): string | undefined {
  if (queries === 0 || 2 * misses < queries) return undefined;
  return (
    `BM25’s first hit is graded 0 for ${misses} of ${queriesText(queries)}. This sample is hard on it by design: many ` +
    'passages share words with a query they do not answer. On most collections the lead over BM25 is smaller.'
  );
}

/** `higher than BM25`, `not measurably different from BM25` */
export function differenceText(difference: PairedDifference, against: ShownAs): string {
  const verdict = differenceVerdict(difference);
  const name = against === 'bm25' ? shownNames.bm25 : shownNames[against].toLowerCase();
  return `${verdict} ${verdict === 'not measurably different' ? 'from' : 'than'} ${against === 'bm25' ? '' : 'the '}${name}`;
}

/** What the set is at, or what it will take; the counts are of all queries together. */
export function statusText(
  { state, phase, progress, stale, error }: QuerySetState,
  queries: number,
  expected: { readonly calls: number; readonly seconds: number | null },
): string {
  const { queriesDone, method, answered, planned, secondsLeft } = progress;
  switch (state) {
    case 'idle': {
      const time = expected.seconds === null ? '' : `, ${formatEstimate(expected.seconds)}`;
      return `One query shows little. All ${queriesText(queries)} with grades: up to ${counted(expected.calls, 'call')}${time}.`;
    }
    case 'running': {
      if (phase === 'queued') return 'Waiting for the run below to end.';
      if (planned === 0) return 'Looking for the candidates.';
      const left = secondsLeft === null ? '' : ` · ${formatEstimate(secondsLeft)} left`;
      const at = method === null ? '' : ` · ${shownNames[method]}`;
      return `Query ${Math.min(queriesDone + 1, queries)} of ${queries}${at} · ${formatNumber(answered)} of ${counted(planned, 'call')}${left}`;
    }
    case 'cancelled':
      return `Cancelled after ${formatNumber(queriesDone)} of ${queriesText(queries)}.`;
    case 'error':
      return error?.message ?? 'Something went wrong.';
    case 'done':
      return stale
        ? 'Out of date: these results are for other settings.'
        : `${queriesText(queriesDone)} ranked.`;
  }
}
