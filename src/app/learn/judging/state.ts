/** The state of the lesson on judging: one ranking with its grades, and two systems over ten queries. */
import { dcg, type Gain, idealDcg, ndcg, precision, reciprocalRank } from '../../../evaluation/metrics.ts';
import { percentileInterval, resample } from '../../../evaluation/significance.ts';
import { seededRandom } from '../../../random.ts';
import { formatShare, formatSigned } from '../../ui/numbers.ts';
import type { Task } from '../frame/lesson.ts';
import { fixed, ordinal } from '../frame/numbers.ts';

export type Grade = number | null;

export interface JudgingState {
  readonly part: 'ranking' | 'systems';
  readonly query: string;
  readonly passages: readonly string[];
  /** By passage; null: nobody judged it. */
  readonly grades: readonly Grade[];
  /** Passages, best first. */
  readonly order: readonly number[];
  readonly gain: Gain;
  /** The guess which swap matters more; undefined: still to be made. */
  readonly swap: string | undefined;
  /** nDCG@10 of system B less that of system A, query by query: made up. */
  readonly differences: readonly number[];
  /** Resamples drawn so far, and up to which they are being drawn. */
  readonly draws: number;
  readonly goal: number;
  /** The guess whether the interval leaves out 0. */
  readonly interval: string | undefined;
}

export const K = 5;
/** Ranks after which nothing counts are cut; differences reach so far. */
export const REACH = 0.3;
export const STEP = 0.01;
export const MOST_DRAWS = 10_000;
const ENOUGH_DRAWS = 1000;
const MOST_PASSAGES = 8;

export const QUERY = 'keep bread fresh';
export const PASSAGES: readonly string[] = [
  'Keep bread in a paper bag at room temperature; in the fridge it goes stale faster.',
  'Let bread cool before you cut it, or the crumb turns gummy.',
  'The word “bread” once meant a morsel; the older English word was “loaf”.',
  'Freeze bread in slices, and toast them straight from the freezer.',
  'A clean stoneware crock keeps a loaf moist for four days.',
  'Fresh herbs keep longest in a glass of water.',
  'Stale bread makes good crumbs and puddings.',
];
const GRADES: readonly Grade[] = [3, 1, 0, 2, null, 0, 1];
const ORDER: readonly number[] = [1, 0, 2, 3, 5, 6, 4];
/** Their mean is .020. */
const DIFFERENCES: readonly number[] = [0.12, -0.08, 0.05, 0.1, -0.06, -0.02, 0.15, -0.11, 0.03, 0.02];

export const letterOf = (index: number): string => String.fromCharCode(65 + index);

/** Link: `q`, `p` for each passage, `g` (a grade or - for each), `order` (letters), `gain`, `part`, `d`, `shown`. */
export function begin(params: URLSearchParams): JudgingState {
  const own = params
    .getAll('p')
    .map((text) => text.trim().slice(0, 1000))
    .filter((text) => text !== '')
    .slice(0, MOST_PASSAGES);
  const mine = own.length >= 2;
  const passages = mine ? own : PASSAGES;
  const given = params.get('g') ?? '';
  const grades = mine ? passages.map(() => null) : GRADES;
  const order = [...(params.get('order') ?? '')].map((letter) => letter.charCodeAt(0) - 65);
  const whole =
    new Set(order).size === passages.length && order.every((index) => passages[index] !== undefined);
  const differences = (params.get('d') ?? '').split(',').map(Number);
  const valid =
    differences.length >= 2 && differences.length <= 20 && differences.every((d) => Math.abs(d) <= REACH);
  const shown = params.get('shown') === '1' ? '' : undefined;
  return {
    part: params.get('part') === 'systems' ? 'systems' : 'ranking',
    query: params.get('q')?.slice(0, 1000) ?? QUERY,
    passages,
    grades:
      given.length === passages.length
        ? [...given].map((grade) => (/[0-3]/.test(grade) ? Number(grade) : null))
        : grades,
    order: whole ? order : mine ? passages.map((_, i) => i) : ORDER,
    gain: params.get('gain') === 'exponential' ? 'exponential' : 'linear',
    swap: shown,
    differences: valid ? differences : DIFFERENCES,
    draws: 0,
    goal: 0,
    interval: shown,
  };
}

export function link(state: JudgingState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.part === 'systems') params.set('part', 'systems');
  if (state.query !== QUERY) params.set('q', state.query);
  if (state.passages !== PASSAGES) for (const text of state.passages) params.append('p', text);
  params.set('g', state.grades.map((grade) => grade ?? '-').join(''));
  params.set('order', state.order.map(letterOf).join(''));
  if (state.gain !== 'linear') params.set('gain', state.gain);
  if (state.differences !== DIFFERENCES) params.set('d', state.differences.join());
  if (state.swap !== undefined) params.set('shown', '1');
  return params;
}

export interface Measures {
  readonly dcg: number;
  readonly ideal: number;
  readonly ndcg: number;
  readonly mrr: number;
  readonly precision: number;
}

/** The measures of src/evaluation on the ranking of the figure. */
export function measure({ order, grades, gain }: Pick<JudgingState, 'order' | 'grades' | 'gain'>): Measures {
  const ids = order.map(String);
  const judged = new Map(grades.flatMap((grade, i) => (grade === null ? [] : [[String(i), grade] as const])));
  const options = { k: K, gain };
  return {
    dcg: dcg(ids, judged, options),
    ideal: idealDcg(judged, options),
    ndcg: ndcg(ids, judged, options),
    mrr: reciprocalRank(ids, judged),
    precision: precision(ids, judged, { k: K }),
  };
}

/** The order with two places swapped. */
export function swapped(order: readonly number[], i: number, j: number): number[] {
  const next = [...order];
  [next[i], next[j]] = [order[j]!, order[i]!];
  return next;
}

/** A passage taken out and put in at another place. */
export function moved(order: readonly number[], passage: number, to: number): number[] {
  const next = order.filter((index) => index !== passage);
  next.splice(Math.max(0, Math.min(next.length, to)), 0, passage);
  return next;
}

/** What swapping the first two, and the third and fourth, adds to nDCG@5. */
export function swapGains(state: JudgingState): { readonly top: number; readonly lower: number } {
  const now = measure(state).ndcg;
  const after = (i: number, j: number) => measure({ ...state, order: swapped(state.order, i, j) }).ndcg - now;
  return { top: after(0, 1), lower: after(2, 3) };
}

export interface Resampled {
  readonly mean: number;
  /** In the order drawn. */
  readonly means: readonly number[];
  /** 95 % interval; undefined before the first resample. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** How often the last resample drew each query. */
  readonly picked: readonly number[];
}

/** The first resamples of the seeded generator that every paired test here uses: the same draws each time. */
export function resampled({ differences, draws }: Pick<JudgingState, 'differences' | 'draws'>): Resampled {
  const random = seededRandom(1);
  const picks = new Uint32Array(differences.length);
  const means = Array.from({ length: draws }, () => resample(differences, random, picks));
  const [low, high] = draws === 0 ? [undefined, undefined] : percentileInterval(Float64Array.from(means));
  const picked = differences.map((_, i) => (draws === 0 ? 0 : picks.filter((pick) => pick === i).length));
  const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  return { mean, means, low, high, picked };
}

export const leavesOutZero = ({ low, high }: Resampled): boolean =>
  low !== undefined && high !== undefined && (low > 0 || high < 0);

const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;
const UNJUDGED = 4;
const veiled = { done: false, remark: 'First answer the question in the figure.' };

export const tasks: readonly Task<JudgingState>[] = [
  {
    id: 'ideal',
    text: 'Bring nDCG@5 to 1 by moving rows only.',
    hints: [
      'The ideal ranking is the one whose grades fall from top to bottom.',
      'Drag a row by its grip; or focus the grip and press the arrow up or down.',
      'The order A, D, then B and G, then the rest is ideal.',
    ],
    judge: (state, start) => {
      if (state.swap === undefined) return veiled;
      const value = measure(state).ndcg;
      if (!same(state.grades, start.grades)) {
        return { done: false, remark: 'The grades have changed: put them back, or start again.' };
      }
      return { done: near(value, 1), remark: `nDCG@5 is ${formatShare(value)}.` };
    },
  },
  {
    id: 'first-only',
    text: 'Find an order with MRR 1, yet nDCG@5 below .500.',
    hints: [
      'MRR looks at the first relevant passage, and at nothing below it. How little may that passage be worth?',
      'Put a passage of grade 1 first, and passages of grade 0 right below it.',
      'B, C, F, E, G, and then A and D, will do.',
    ],
    judge: (state, start) => {
      if (state.swap === undefined) return veiled;
      const { mrr, ndcg: value } = measure(state);
      if (!same(state.grades, start.grades)) {
        return { done: false, remark: 'The grades have changed: put them back, or start again.' };
      }
      return {
        done: near(mrr, 1) && value < 0.5,
        remark: `MRR is ${formatShare(mrr)}, nDCG@5 ${formatShare(value)}.`,
      };
    },
  },
  {
    id: 'unjudged',
    text: 'Nobody has judged passage E. Give it a grade that makes nDCG@5 fall, though no row moves.',
    hints: [
      'What is not judged counts as worthless. What happens to the ideal when E turns out to be good?',
      'Leave E below the first five, and give it a high grade.',
      'Choose 3 in the row of E, with the other grades as they were.',
    ],
    judge: (state, start) => {
      if (state.swap === undefined) return veiled;
      const grade = state.grades[UNJUDGED];
      const others = state.grades.every((g, i) => i === UNJUDGED || g === start.grades[i]);
      if (grade === undefined || start.grades[UNJUDGED] !== null) {
        return { done: false, remark: 'There is no unjudged passage E here.' };
      }
      if (!others) return { done: false, remark: 'Other grades have changed: put them back.' };
      const without = measure({ ...state, grades: start.grades }).ndcg;
      if (grade === null)
        return { done: false, remark: `E is not judged. nDCG@5 is ${formatShare(without)}.` };
      const value = measure(state).ndcg;
      return {
        done: value < without - 1e-9,
        remark: `nDCG@5 was ${formatShare(without)} without a grade of E, and is ${formatShare(value)} with it.`,
      };
    },
  },
  {
    id: 'interval',
    text: 'Two systems: keep the mean difference at +.020, but make its interval leave out 0. Then draw 1,000 times.',
    hints: [
      'Open “Two systems”. A mean is uncertain when its queries disagree.',
      'Make the queries agree: bring the large wins down and the losses up, so that the mean stays.',
      'Set every query to +.02, then press “Draw 1,000”.',
    ],
    judge: (state, start) => {
      if (state.interval === undefined)
        return { done: false, remark: 'First answer the question in “Two systems”.' };
      const found = resampled(state);
      const wanted = resampled({ ...start, draws: 0 }).mean;
      const mean = formatSigned(found.mean);
      if (Math.abs(found.mean - wanted) > 0.0025) {
        return { done: false, remark: `The mean is ${mean}, not ${formatSigned(wanted)}.` };
      }
      if (found.low === undefined || state.draws < ENOUGH_DRAWS) {
        return {
          done: false,
          remark: `The mean is ${mean}; ${state.draws} of ${ENOUGH_DRAWS} resamples drawn.`,
        };
      }
      return {
        done: leavesOutZero(found),
        remark: `The interval goes from ${formatSigned(found.low)} to ${formatSigned(found.high!)}.`,
      };
    },
  },
];

export function inWords(state: JudgingState): readonly string[] {
  if (state.part === 'systems') {
    const found = resampled(state);
    return [
      `Made-up differences of nDCG@10 between two systems: ${state.differences.map((d, i) => `query ${i + 1} ${formatSigned(d)}`).join(', ')}.`,
      `Mean ${formatSigned(found.mean)}.`,
      state.interval === undefined
        ? 'The interval is shown once you have said what you expect.'
        : found.low === undefined
          ? 'No resample has been drawn.'
          : `${state.draws} resamples: 95 % of their means lie between ${formatSigned(found.low)} and ${formatSigned(found.high!)}.`,
    ];
  }
  const { dcg: sum, ideal, ndcg: value, mrr, precision: p } = measure(state);
  return [
    `Query “${state.query}”. ${state.order.map((index, place) => `${ordinal(place)} ${letterOf(index)}, ${gradeWord(state.grades[index]!)}`).join('; ')}.`,
    state.swap === undefined
      ? 'The measures are shown once you have said what you expect.'
      : `DCG@5 ${fixed(sum)}, ideal DCG@5 ${fixed(ideal)}, nDCG@5 ${formatShare(value)}, MRR ${formatShare(mrr)}, P@5 ${formatShare(p)}.`,
  ];
}

export const gradeWord = (grade: Grade): string => (grade === null ? 'not judged' : `grade ${grade}`);

/** `+.2`, `0`, `−.1`: beside an axis. */
export const tickOf = (value: number): string => (value === 0 ? '0' : formatSigned(value).replace(/0+$/, ''));
