/** The tables of results in a checkpoint's README: rankings set by set, differences, scorer files. */
import type { Comparison, EvaluationRow, RankerCard } from '../../src/checkpoint/ranker-card.ts';
import {
  metricName,
  resultsBySet,
  type SetResults,
  verdict,
} from '../../src/checkpoint/ranker-card-results.ts';
import { markdownTable, signed } from '../cli/markdown.ts';

interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const DIGITS = 3;

/** One table a set, and the further differences below it. */
export function resultSections(card: RankerCard): string[] {
  const results = resultsBySet(card);
  if (results.length === 0) return [];
  return [
    '## Held-out results',
    '',
    'Methods of a set rank the same candidates. Differences have paired 95 % intervals (bootstrap over ' +
      'queries); where one contains 0, the two are not measurably different. τ is Kendall’s, to the teacher’s order.',
    '',
    ...results.flatMap(setSection),
  ];
}

function setSection({ set, queries, rows, comparisons }: SetResults): string[] {
  return [
    `### ${set}, ${queries} queries`,
    '',
    ...(rows.length > 0 ? [methodTable(rows)] : []),
    ...(comparisons.length > 0 ? [comparisonTable(comparisons)] : []),
  ];
}

/** Columns that no row has a value for are left out. */
function methodTable(rows: readonly EvaluationRow[]): string {
  const columns: readonly (readonly [head: string, cell: (row: EvaluationRow) => string | undefined])[] = [
    ['method', ({ method }) => method],
    ['nDCG@10', ({ ndcg10 }) => ndcg10.toFixed(DIGITS)],
    ['difference', ({ difference: d }) => d && difference(d, d.against)],
    ['τ', ({ kendallTau: tau }) => (tau === undefined ? undefined : signed(tau, DIGITS))],
    ['calls per query', ({ callsPerQuery }) => String(callsPerQuery)],
    ['seconds per query', ({ secondsPerQuery }) => secondsPerQuery?.toString()],
  ];
  const used = columns.filter(([, cell]) => rows.some((row) => cell(row) !== undefined));
  return markdownTable(
    used.map(([head]) => head),
    rows.map((row) => used.map(([, cell]) => cell(row) ?? '')),
  );
}

function comparisonTable(rows: readonly Comparison[]): string {
  return markdownTable(
    ['method', 'in', 'difference'],
    rows.map((row) => [row.method, metricName(row.metric), difference(row, row.against)]),
  );
}

function difference(interval: Interval, against: string): string {
  const { mean, low, high } = interval;
  const clear = verdict(interval);
  const words =
    clear === 'not clear' ? `not measurably different from ${against}` : `${clear} than ${against}`;
  return `${signed(mean, DIGITS)} [${signed(low, DIGITS)}, ${signed(high, DIGITS)}], ${words}`;
}

/** Size and score error of every scorer file. */
export function measureSection({ dtypeMeasures = {} }: RankerCard): string[] {
  const rows = Object.entries(dtypeMeasures);
  if (rows.length === 0) return [];
  return [
    '## Files for the page',
    '',
    'Error: root mean square difference of the scores from fp32, as a share of their standard deviation. ' +
      'Agreement: share of pairs of passages (or of comparisons) that come out as in fp32.',
    '',
    markdownTable(
      ['scorer', 'bytes', 'error', 'agreement'],
      rows.map(([dtype, { bytes, scoreError, agreement }]) => [
        dtype,
        String(bytes),
        `${(100 * scoreError).toFixed(2)} %`,
        `${(100 * agreement).toFixed(1)} %`,
      ]),
    ),
  ];
}
