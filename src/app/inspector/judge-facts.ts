/** The report on a judge as facts: a name, a figure, a sentence, a formula, and the cells that show it. */

import type { Calibration } from '../../analysis/calibration.ts';
import type { JudgeReport, Likeness } from '../../analysis/judge-report.ts';
import type { Share } from '../../analysis/wilson.ts';
import { formatDecimals } from '../ui/numbers.ts';

export interface Fact {
  readonly id: string;
  /** In the field's words. */
  readonly title: string;
  /** The figure, short; '–' where there is none. */
  readonly value: string;
  /** Beside the figure: an interval, a count. */
  readonly detail?: string;
  /** One sentence. */
  readonly definition: string;
  readonly formula?: string;
  /** What is doubtful about the figure, in a sentence. */
  readonly doubt?: string;
  /** Cells that show it, as a * n + b. */
  readonly cells: readonly number[];
}

const NAMES: Readonly<Record<string, string>> = { teacher: 'teacher', student: 'student', bm25: 'BM25' };
const nameOf = (id: string): string => NAMES[id] ?? id;

export const decimals = (value: number | undefined, digits = 2): string => formatDecimals(value, digits);

const interval = ({ low, high, hits, of }: Share): string =>
  of === 0 ? 'nothing to count yet' : `${decimals(low)} to ${decimals(high)}, ${hits} of ${of}`;

/** @param idOf a passage's id by candidate position */
export function judgeFacts(report: JudgeReport, n: number, idOf: (position: number) => string): Fact[] {
  const both = (pairs: readonly (readonly [number, number])[]): number[] =>
    pairs.flatMap(([i, j]) => [i * n + j, j * n + i]);
  const { consistency, triads, calibration } = report;
  const ring = triads.example;
  return [
    {
      id: 'consistency',
      title: 'Position consistency',
      value: decimals(consistency.consistency.share),
      detail: interval(consistency.consistency),
      definition:
        'Of the pairs asked in both orders, the share whose two answers name the same winner; one minus it is the flip rate. The button shows the pairs that flip.',
      formula: 'PC = consistent pairs / pairs asked both ways; 95 % interval by Wilson',
      cells: both(report.flipped),
    },
    {
      id: 'first',
      title: 'First-position rate',
      value: decimals(consistency.first.share),
      detail: interval(consistency.first),
      definition:
        'How often the passage shown first wins, over all ordered calls; .50 is unbiased when both orders are asked.',
      formula: 'calls won by A / ordered calls; equal logits count one half',
      cells: [],
    },
    {
      id: 'fairness',
      title: 'Preference fairness',
      value: decimals(consistency.fairness),
      detail: `${consistency.primacy} flips to the first, ${consistency.recency} to the second`,
      definition:
        'Which way the flips lean: 0 is fair, −1 always the passage shown first, +1 always the one shown second (Shi et al. 2024).',
      formula:
        'PF = (recency − primacy) / pairs: the authors’ recency × its share − primacy × its share, scaled to ±1',
      cells: both(report.flipped),
    },
    {
      id: 'triads',
      title: 'Circular triads',
      value: String(triads.circular),
      detail: `of ${triads.counted} threes; ${Math.round(triads.byChance)} by chance`,
      definition: ring
        ? `Threes that beat each other in a ring, such as ${ring.map(idOf).join(' → ')} → ${idOf(ring[0])}. Only threes whose pairs all have a winner count.`
        : 'Threes that beat each other in a ring; there are none. Only threes whose pairs all have a winner count.',
      formula: 'without ties d = C(n, 3) − Σ C(wins, 2) (Kendall and Babington Smith 1940)',
      cells: ring
        ? both([
            [ring[0], ring[1]],
            [ring[1], ring[2]],
            [ring[2], ring[0]],
          ])
        : [],
    },
    {
      id: 'consistence',
      title: 'Consistence ζ',
      value: decimals(triads.consistence),
      detail: triads.consistence === undefined ? 'needs a winner in every pair' : undefined,
      definition:
        'How far the judge is from as many circular triads as there can be: 1 has none, 0 has the most. Known only where every pair has a winner.',
      formula: 'ζ = 1 − 24 d / (n³ − n) for odd n, 1 − 24 d / (n³ − 4 n) for even n',
      cells: [],
    },
    {
      id: 'condorcet',
      title: 'Condorcet winner',
      value: report.condorcet === undefined ? 'none' : idOf(report.condorcet),
      detail: `Smith set: ${report.smith.length}`,
      definition: `The passage that beats every other one. The Smith set, the smallest group that beats all outside it, is ${report.smith.slice(0, 6).map(idOf).join(', ')}${report.smith.length > 6 ? ', …' : ''}.`,
      cells: report.smith.flatMap((i) => report.smith.flatMap((j) => (i === j ? [] : [i * n + j]))),
    },
    {
      id: 'tiers',
      title: 'Tiers',
      value: String(report.tiers.length),
      detail: report.tiers.length > 1 ? `of ${tierSizes(report.tiers)} passages` : undefined,
      definition:
        'Groups, best first, whose members all have a strict majority over all members of the groups below; inside a group rings and ties leave the order open. The matrix has a line where one ends.',
      formula: 'components of “is not strictly beaten by”; the first is the Smith set',
      cells: [],
    },
    {
      id: 'narrow',
      title: 'Narrow calls',
      value: String(report.narrow.length),
      detail: `of ${report.asked} ordered calls`,
      definition:
        'Calls whose two logits differ by less than a tenth: rounding or another wording may reverse them.',
      formula: '|logit A − logit B| < 0.1',
      cells: report.narrow.map(([a, b]) => a * n + b),
    },
    ...Object.entries(report.disagreements).map(([name, pairs]) => ({
      id: `disagree-${name}`,
      title: `${name === 'bm25' ? 'BM25' : 'Student'} disagrees`,
      value: String(pairs.length),
      detail: 'pairs',
      definition: `Pairs with a clear winner whose order is the other way round in ${name === 'bm25' ? 'BM25’s' : 'the student’s'} ranking.`,
      cells: both(pairs),
    })),
    ...report.likeness.map(likenessFact),
    calibrationFact(calibration),
  ];
}

/** `10, 4, 1`; of many the first few. */
const tierSizes = (tiers: JudgeReport['tiers']): string =>
  `${tiers
    .slice(0, 8)
    .map((tier) => tier.length)
    .join(', ')}${tiers.length > 8 ? ', …' : ''}`;

function likenessFact({ names: [one, other], tau, rbo, rboFloor, jaccard }: Likeness): Fact {
  return {
    id: `like-${one}-${other}`,
    title: `${nameOf(one)} and ${nameOf(other)}`.replace(/^./, (letter) => letter.toUpperCase()),
    value: `τ-b ${decimals(tau)}`,
    detail: `RBO ${decimals(rbo)} (least ${decimals(rboFloor)}), Jaccard@5 ${decimals(jaccard)}`,
    definition:
      'How alike two orders are: Kendall’s τ-b over all pairs (ties allowed), rank-biased overlap with p = .9, where the top weighs most, and shared passages in the first five. Tied scores stand in BM25’s order for RBO and Jaccard.',
    cells: [],
  };
}

function calibrationFact(calibration: JudgeReport['calibration']): Fact {
  const of = ({ ece, brier }: Calibration): string => `ECE ${decimals(ece)}, Brier ${decimals(brier)}`;
  return {
    id: 'calibration',
    title: 'Calibration of P(A)',
    value: calibration ? `ECE ${decimals(calibration.calls.ece)}` : '–',
    detail: calibration
      ? `Brier ${decimals(calibration.calls.brier)}; both orders’ mean: ${of(calibration.averaged)}; ${calibration.calls.count} calls, ${calibration.leftOut} without a difference in grade`
      : 'needs graded passages',
    definition:
      'Whether calls in which the judge is 80 % sure are right 80 % of the time, against the grades. ECE is the mean distance over ten bins, Brier the mean squared error; 0 is best for both, a coin’s Brier is .25.',
    formula: 'ECE = Σ bins count/n · |said − came true|; Brier = mean (P(A) − outcome)²',
    cells: [],
  };
}
