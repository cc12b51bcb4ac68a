/** The state of the lesson on cost, its link, and what its tasks ask. All figures are those of src/analysis. */

import { withinBudget } from '../../../analysis/budget.ts';
import { type CoursePoint, type ScheduleId, type WhatIf, whatIf } from '../../../analysis/what-if.ts';
import type { MethodDescriptor } from '../../../ranking/methods/descriptor.ts';
import { prpAllPairs } from '../../../ranking/methods/prp-allpair/method.ts';
import { prpHeapsort } from '../../../ranking/methods/prp-heapsort/method.ts';
import { prpSliding } from '../../../ranking/methods/prp-sliding/method.ts';
import { scheduleChoices } from '../../../ranking/schedules/choices.ts';
import { figure, ruleTitle } from '../../inspector/what-if/rule-words.ts';
import { courseEnded, type Stepped, stepInWords } from '../../inspector/what-if/stepped.ts';
import { counted, formatNumber } from '../../ui/numbers.ts';
import type { Task } from '../frame/lesson.ts';
import { numberOf } from '../frame/numbers.ts';
import { type CallTime, type CostData, dataTitle, FIRST } from './data.ts';

export const PARTS = [
  { value: 'growth', label: 'How it grows' },
  { value: 'steps', label: 'Step by step' },
  { value: 'budget', label: 'A budget' },
] as const;
export type Part = (typeof PARTS)[number]['value'];

export interface CostState {
  readonly data: CostData;
  /** Measured just now; undefined: what the decisions themselves took counts. */
  readonly measured: CallTime | undefined;
  readonly part: Part;
  /** Passages on a side of the square. */
  readonly n: number;
  readonly passes: number;
  readonly top: number;
  readonly which: Stepped;
  /** Steps taken. */
  readonly at: number;
  /** Calls that may be spent. */
  readonly budget: number;
  /** Guesses; undefined: still to be made; empty: not made, but shown. */
  readonly twice: string | undefined;
  readonly carried: string | undefined;
  readonly half: string | undefined;
}

export const N = { min: 2, max: 60, start: 10 } as const;
/** Calls of the first task. */
const PURSE = 1000;

const named = <T extends string>(of: readonly T[], value: string | null, other: T): T =>
  of.find((one) => one === value) ?? other;

/** Link: `d` or `r` (data.ts), `part`, `n`, `passes`, `top`, `which`, `at`, `budget`; `shown=1` opens without the questions. */
export function begin(params: URLSearchParams, data: CostData): CostState {
  const size = data.query.candidates.length;
  const all = size * (size - 1);
  const whole = (name: string, min: number, max: number, other: number) =>
    Math.round(numberOf(params, name, min, max, other));
  const shown = params.get('shown') === '1' ? '' : undefined;
  return {
    data,
    measured: undefined,
    part: named(
      PARTS.map(({ value }) => value),
      params.get('part'),
      'growth',
    ),
    n: whole('n', N.min, N.max, N.start),
    passes: whole('passes', 1, size - 1, 1),
    top: whole('top', 1, size, Math.min(3, size)),
    which: named(['sliding', 'heapsort'], params.get('which'), 'sliding'),
    at: whole('at', 0, 10_000, 0),
    budget: whole('budget', 0, all, all / 2),
    twice: shown,
    carried: shown,
    half: shown,
  };
}

export function link(state: CostState): URLSearchParams {
  const { data } = state;
  const params = new URLSearchParams();
  const first = begin(new URLSearchParams(), data);
  if (data.packed !== undefined) params.set('r', data.packed);
  else if (data.id !== FIRST) params.set('d', data.id);
  for (const name of ['part', 'n', 'passes', 'top', 'which', 'at', 'budget'] as const) {
    if (state[name] !== first[name]) params.set(name, String(state[name]));
  }
  if (state.twice !== undefined && state.carried !== undefined && state.half !== undefined) {
    params.set('shown', '1');
  }
  return params;
}

/** Other decisions, from the start; a guess about the former ones says nothing of these, and is not asked for again. */
export const withData = ({ part, n, twice }: CostState, data: CostData): CostState => ({
  ...begin(new URLSearchParams(), data),
  part: part === 'growth' ? 'steps' : part,
  n,
  twice,
  carried: '',
  half: '',
});

export const timeOf = ({ measured, data }: Pick<CostState, 'measured' | 'data'>): CallTime | undefined =>
  measured ?? data.time;

const worked = new WeakMap<CostData, Map<string, WhatIf>>();

/** What schedules make of the decisions, as the Inspector has it; worked out once for each choice. */
export function outcome({ data, passes, top }: Pick<CostState, 'data' | 'passes' | 'top'>): WhatIf {
  const known = worked.get(data) ?? new Map<string, WhatIf>();
  worked.set(data, known);
  const key = `${passes} ${top}`;
  const before = known.get(key);
  if (before) return before;
  const { query, decisions } = data;
  const made = whatIf({
    decisions: decisions.packed,
    ms: decisions.ms,
    names: query.ids,
    grades: query.grades,
    gain: 'linear',
    choices: { passes, top },
  });
  known.set(key, made);
  return made;
}

/** The order of all decisions (Eq. 5): what the others are held against. */
export const fullOrder = (state: Pick<CostState, 'data' | 'passes' | 'top'>): readonly number[] =>
  outcome(state).rules[0]!.order;

export interface Growth {
  readonly name: string;
  readonly calls: number;
  /** It may need fewer. */
  readonly most: boolean;
}

/** Calls for n passages, as every estimate of the product counts them. */
export function growth(n: number, passes: number): readonly Growth[] {
  const choices = scheduleChoices({ passes, top: 1 });
  const row = (name: string, method: Pick<MethodDescriptor, 'plannedCalls'>): Growth => {
    const { calls, upperBound } = method.plannedCalls(n, choices);
    return { name, calls, most: upperBound };
  };
  return [
    { name: 'One question a passage (lesson 2)', calls: n, most: false },
    row(ruleTitle('sliding', choices), prpSliding),
    row('Heapsort', prpHeapsort),
    row('All pairs', prpAllPairs),
  ];
}

export const allCalls = (n: number): number => prpAllPairs.plannedCalls(n).calls;

export interface Bought {
  readonly id: ScheduleId;
  readonly title: string;
  readonly point: CoursePoint;
  /** It has no further question: more calls change nothing. */
  readonly done: boolean;
  /** Of its first `top` places, how many hold what all calls put there, counted from the top. */
  readonly right: number;
}

/** What the budget buys from each schedule. */
export function bought(state: CostState): readonly Bought[] {
  const { passes, top, budget } = state;
  const full = fullOrder(state);
  return outcome(state).courses.map(({ id, points }) => {
    const point = withinBudget(points, budget) as CoursePoint;
    let right = 0;
    while (right < top && point.order[right] === full[right]) right++;
    return { id, title: ruleTitle(id, { passes, top }), point, done: point === points.at(-1), right };
  });
}

/** `p001, “Bulky collection from your door”,`: the passage by its title, where it has one. */
export function titled({ query }: CostData, index: number): string {
  const { title } = query.candidates[index]!.passage;
  return title === undefined ? query.ids[index]! : `${query.ids[index]}, “${title}”,`;
}

/** nDCG@10 where there are grades, else Kendall's τ to the order of all calls. */
export function qualityOf(state: Pick<CostState, 'data' | 'passes' | 'top'>): {
  readonly graded: boolean;
  readonly name: string;
  readonly of: (point: CoursePoint) => number | undefined;
} {
  const graded = outcome(state).courses.some(({ points }) => points.some(({ ndcg }) => ndcg !== undefined));
  return graded
    ? { graded, name: 'nDCG@10', of: ({ ndcg }) => ndcg }
    : { graded, name: 'τ to all calls', of: ({ tau }) => tau };
}

/** Those with the best order, several where they are level. */
export function best(state: CostState): readonly ScheduleId[] {
  const { of } = qualityOf(state);
  const rows = bought(state);
  const most = Math.max(...rows.map(({ point }) => of(point) ?? Number.NEGATIVE_INFINITY));
  return rows.filter(({ point }) => of(point) === most).map(({ id }) => id);
}

/** The cells a·n + b that a schedule has asked when so many steps are taken, and those of the step at hand. */
export function asked(state: CostState): {
  readonly before: ReadonlySet<number>;
  readonly now: ReadonlySet<number>;
} {
  const { data, which, at } = state;
  const n = data.query.candidates.length;
  const { steps } = outcome(state).steps[which];
  const cells = (from: typeof steps) =>
    new Set(
      from.flatMap(({ pairs }) => pairs.flatMap(({ one, other }) => [one * n + other, other * n + one])),
    );
  return { before: cells(steps.slice(0, at)), now: cells(steps.slice(at, at + 1)) };
}

/** How a schedule that was stepped through ends. */
export function ending(state: CostState): { readonly calls: number; readonly order: readonly number[] } {
  const { calls, order } = outcome(state)
    .courses.find(({ id }) => id === state.which)!
    .points.at(-1)!;
  return { calls, order };
}

/** What a schedule misses, in a sentence. */
export function missed(state: CostState): string {
  const { data, passes, top, which } = state;
  const { ids } = data.query;
  const full = fullOrder(state);
  const { calls, order } = ending(state);
  const name = ruleTitle(which, { passes, top });
  const all = allCalls(ids.length);
  const elsewhere = order.filter((index, place) => full[place] !== index).length;
  const spent = `${name} asks ${formatNumber(calls)} of ${formatNumber(all)} calls`;
  if (elsewhere === 0) return `${spent} and ends in the very order of all of them.`;
  const first =
    order[0] === full[0]
      ? `${ids[full[0]!]} is first, as it should be`
      : `${ids[order[0]!]} is first, where all calls put ${ids[full[0]!]}`;
  return `${spent}. ${first}; ${elsewhere} of ${ids.length} places hold another passage.`;
}

const veiled = { done: false, remark: 'First answer the question in the figure.' };
const foreign = {
  done: false,
  remark: 'This task is about the recorded decisions of Town services FAQ: choose them above the figure.',
};

export const tasks: readonly Task<CostState>[] = [
  {
    id: 'square',
    text: 'You may spend 1,000 calls on all pairs. Drag the square to the largest number of passages they pay for.',
    hints: [
      'n passages need n(n − 1) calls: nearly n².',
      'The root of 1,000 is a little above 31.',
      'Open “How it grows”, focus the corner and press the arrow until n is 32: 32 × 31 = 992.',
    ],
    judge: ({ twice, n }) => {
      if (twice === undefined) return veiled;
      const calls = allCalls(n);
      const fits = calls <= PURSE;
      const done = fits && allCalls(n + 1) > PURSE;
      const said = done ? 'one more would be too many' : fits ? 'there is more to spend' : 'too many';
      return { done, remark: `${formatNumber(calls)} calls for ${n} passages: ${said}.` };
    },
  },
  {
    id: 'stopped',
    text: 'All ninety calls put p001 first. Step the sliding window to the comparison that keeps p001 from the top.',
    hints: [
      'Open “Step by step”. The window carries p001 up from place 5: watch whom it meets.',
      'A contradiction is no win: then BM25’s order decides.',
      'Press Next until p001 meets p010, after 6 steps of one pass.',
    ],
    judge: (state) => {
      if (state.data.id !== FIRST) return foreign;
      if (state.carried === undefined) return veiled;
      if (state.which !== 'sliding') return { done: false, remark: 'This is heapsort.' };
      const { ids } = state.data.query;
      const leader = fullOrder(state)[0]!;
      const step = outcome(state).steps.sliding.steps[state.at];
      const game = step?.pairs.find(({ one, other }) => one === leader || other === leader);
      if (!game) return { done: false, remark: `${ids[leader]} is in no comparison of this step.` };
      const other = game.one === leader ? game.other : game.one;
      return {
        done: game.winner !== leader,
        remark: `${ids[leader]} meets ${ids[other]}, ${game.winner === leader ? 'and wins' : 'which stays above it'}.`,
      };
    },
  },
  {
    id: 'sure',
    text: 'Exact top 3 is sure of its three before all ninety calls are made. Drag the budget to the fewest calls at which it is done.',
    hints: [
      'Open “A budget”. Its first three are right early: but they might still change.',
      'The table says “done” once nothing that is still open can change the first three.',
      'Leave Top at 3 and move the line to 48 calls.',
    ],
    judge: (state) => {
      if (state.data.id !== FIRST) return foreign;
      if (state.half === undefined) return veiled;
      if (state.top !== 3) return { done: false, remark: `Top is ${state.top}, not 3.` };
      const { points } = outcome(state).courses.find(({ id }) => id === 'topk')!;
      const needs = points.at(-1)!.calls;
      const calls = counted(state.budget, 'call');
      const remark =
        state.budget < needs
          ? `With ${calls} something could still change.`
          : state.budget === needs
            ? `With ${calls} it is done.`
            : `With ${calls} it is done, and would be with fewer.`;
      return { done: state.budget === needs, remark };
    },
  },
];

export function inWords(state: CostState): readonly string[] {
  const { part, n, passes, data, which, at, budget } = state;
  const { ids } = data.query;
  if (part === 'growth') {
    if (state.twice === undefined) return ['The calls are shown once you have said what you expect.'];
    return [
      `${n} passages: ${growth(n, passes)
        .map(({ name, calls, most }) => `${name}, ${most ? 'at most ' : ''}${counted(calls, 'call')}`)
        .join('; ')}.`,
    ];
  }
  const of = `Decisions of: ${dataTitle(data)}, query “${data.query.query}”. All ${allCalls(ids.length)} calls put them in this order: ${namesOf(ids, fullOrder(state))}.`;
  if (part === 'steps') {
    if (state.carried === undefined) return [of, 'The steps are shown once you have said what you expect.'];
    const course = outcome(state).steps[which];
    const step = course.steps[at];
    return [of, step ? stepInWords(step, ids) : courseEnded(course, ids), missed(state)];
  }
  if (state.half === undefined) return [of, 'The orders are shown once you have said what you expect.'];
  const quality = qualityOf(state);
  return [
    of,
    `A budget of ${counted(budget, 'call')}.`,
    ...bought(state).map(
      ({ title, point, done, right }) =>
        `${title}: ${counted(point.calls, 'call')}${done ? ', done' : ''}, ${quality.name} ${figure(quality.of(point))}, ${right} of the first ${state.top} right; ${namesOf(ids, point.order)}.`,
    ),
  ];
}

const namesOf = (ids: readonly string[], order: readonly number[]): string =>
  order.map((index) => ids[index]).join(', ');
