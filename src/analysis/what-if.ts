/**
 * Ask once, then change your mind: what other rules and schedules make of the same decisions, what that would have cost,
 * and how good it is. Made for a worker; no model is asked.
 */
import { kendallTau } from '../evaluation/correlation.ts';
import type { Gain } from '../evaluation/metrics.ts';
import { ndcgAt } from '../evaluation/summary.ts';
import { type BradleyTerry, bradleyTerry } from '../ranking/bradley-terry.ts';
import type { PairTable } from '../ranking/pair-table.ts';
import { allPairs } from '../ranking/schedules/all-pairs.ts';
import type { ReplayChoices } from '../ranking/schedules/choices.ts';
import { exactTop } from '../ranking/schedules/exact-top.ts';
import { heapsort } from '../ranking/schedules/heapsort.ts';
import type { Schedule } from '../ranking/schedules/schedule.ts';
import { slidingWindow } from '../ranking/schedules/sliding-window.ts';
import { type BudgetPoint, replaySchedule } from './budget.ts';
import type { DecidedPairs } from './decided-pairs.ts';
import { type PackedDecisions, unpack } from './judge-report.ts';
import {
  copeland,
  expectedWins,
  randomDirection,
  randomHalf,
  singleDirection,
  singleHalf,
  softBorda,
} from './orders-from-decisions.ts';
import { type SteppedSchedule, stepThrough } from './steps.ts';
import { tiersOf } from './tournament.ts';

export interface WhatIfRequest {
  readonly decisions: PackedDecisions;
  /** Measured milliseconds of each decision, in the same order; NaN where there is none. */
  readonly ms: Float64Array;
  /** A name for each candidate, for the grades. */
  readonly names: readonly string[];
  /** [name, grade]: of candidates and of passages that are none. */
  readonly grades: readonly (readonly [string, number])[];
  readonly gain: Gain;
  readonly choices: ReplayChoices;
}

export type RuleId =
  | 'expectedWins'
  | 'copeland'
  | 'softBorda'
  | 'bradleyTerry'
  | 'tiers'
  | 'singleDirection'
  | 'randomDirection'
  | ScheduleId;

export const SCHEDULE_IDS = ['allPairs', 'heapsort', 'sliding', 'topk'] as const;
export type ScheduleId = (typeof SCHEDULE_IDS)[number];

/** An order and what is known of it. */
export interface Judged {
  readonly order: readonly number[];
  /** nDCG@10; undefined where nothing is graded above 0. */
  readonly ndcg: number | undefined;
  /** Kendall’s τ to the order of all decisions (Eq. 5); undefined below two candidates. */
  readonly tau: number | undefined;
}

export interface RuleOutcome extends Judged {
  readonly id: Exclude<RuleId, 'allPairs'>;
  /** Ordered calls that it rests on. */
  readonly calls: number;
  /** Ordered calls that it would need and that were never made; of a schedule that stopped early at least so many. */
  readonly missing: number;
}

export interface CoursePoint extends Omit<BudgetPoint, 'order'>, Judged {}

/** A schedule from its first call to its last, on these decisions. */
export interface Course {
  readonly id: ScheduleId;
  readonly points: readonly CoursePoint[];
  readonly complete: boolean;
}

export interface WhatIf {
  readonly rules: readonly RuleOutcome[];
  readonly strengths: BradleyTerry;
  readonly tiers: readonly (readonly number[])[];
  readonly courses: readonly Course[];
  readonly steps: Readonly<Record<'heapsort' | 'sliding', SteppedSchedule>>;
  /** Ordered calls decided, of n(n − 1). */
  readonly decided: number;
}

/** @throws RangeError for decisions about candidates that are not there */
export function whatIf(request: WhatIfRequest): WhatIf {
  const { decisions, choices } = request;
  const pairs = unpack(decisions);
  const { size: n } = pairs;
  const judge = judgeOf(request, expectedWins(pairs).order);
  const schedules: Readonly<Record<ScheduleId, (size: number, table: PairTable) => Schedule>> = {
    allPairs,
    heapsort,
    sliding: (size, table) => slidingWindow(size, table, choices.passes),
    topk: (size, table) => exactTop(size, table, choices.top),
  };
  const msOf = timesOf(request);
  const courses = SCHEDULE_IDS.map((id): Course => {
    const { points, complete } = replaySchedule(pairs, schedules[id], { msOf });
    return { id, complete, points: points.map((point) => ({ ...point, ...judge(point.order) })) };
  });
  const strengths = bradleyTerry(pairs.table);
  const tiers = tiersOf(pairs);
  const all = n * (n - 1);
  const decided = decisions.a.length;
  const whole = (id: RuleOutcome['id'], order: readonly number[]): RuleOutcome => ({
    id,
    calls: decided,
    missing: all - decided,
    ...judge(order),
  });
  const half = (id: RuleOutcome['id'], order: readonly number[], table: PairTable): RuleOutcome => {
    const calls = countOf(table);
    return { id, calls, missing: all / 2 - calls, ...judge(order) };
  };
  return {
    decided,
    strengths,
    tiers,
    courses,
    rules: [
      whole('expectedWins', expectedWins(pairs).order),
      whole('copeland', copeland(pairs).order),
      whole('softBorda', softBorda(pairs).order),
      whole('bradleyTerry', strengths.order),
      whole('tiers', tiersInOrder(pairs, tiers)),
      half('singleDirection', singleDirection(pairs).order, singleHalf(pairs)),
      half('randomDirection', randomDirection(pairs).order, randomHalf(pairs)),
      ...courses.flatMap(({ id, points, complete }) => {
        const last = points.at(-1)!;
        const { calls, order, ndcg, tau } = last;
        return id === 'allPairs' ? [] : [{ id, calls, order, ndcg, tau, missing: complete ? 0 : 1 }];
      }),
    ],
    steps: {
      heapsort: stepThrough(pairs, schedules.heapsort),
      sliding: stepThrough(pairs, schedules.sliding),
    },
  };
}

/** Tiers one below the other; within one, where nothing tells them apart, by Eq. 5. */
function tiersInOrder(pairs: DecidedPairs, tiers: readonly (readonly number[])[]): number[] {
  const { order } = expectedWins(pairs);
  const place = new Map(order.map((index, at) => [index, at]));
  return tiers.flatMap((tier) => tier.toSorted((a, b) => place.get(a)! - place.get(b)!));
}

function judgeOf({ names, grades, gain }: WhatIfRequest, full: readonly number[]) {
  const graded = new Map(grades);
  const fullNames = full.map(String);
  return (order: readonly number[]): Judged => ({
    order,
    ndcg: ndcgAt(
      order.map((index) => names[index]!),
      graded,
      [10],
      gain,
    )[0]!.value,
    tau: kendallTau(order.map(String), fullNames),
  });
}

function timesOf({ decisions: { n, a, b }, ms }: WhatIfRequest): (a: number, b: number) => number {
  const table = new Float64Array(n * n).fill(Number.NaN);
  ms.forEach((value, i) => {
    table[a[i]! * n + b[i]!] = value;
  });
  return (one, other) => table[one * n + other]!;
}

function countOf(table: PairTable): number {
  let count = 0;
  for (let a = 0; a < table.size; a++) for (let b = 0; b < table.size; b++) if (table.has(a, b)) count++;
  return count;
}
