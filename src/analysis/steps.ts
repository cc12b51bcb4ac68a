/** A schedule step by step on decisions that are there: what it compares, who wins, and what it has in hand meanwhile. */
import { PairTable } from '../ranking/pair-table.ts';
import type { Schedule, ScheduleView } from '../ranking/schedules/schedule.ts';
import type { DecidedPairs } from './decided-pairs.ts';

/** One comparison of a step: both orders of a pair. */
export interface StepPair {
  readonly one: number;
  readonly other: number;
  /** Whom the schedule puts first: where the orders contradict each other or tie, the one that the first stage had first. */
  readonly winner: number;
  /** Both orders name the winner. */
  readonly clear: boolean;
}

export interface ScheduleStep {
  /** Several where a window's passes run behind one another. */
  readonly pairs: readonly StepPair[];
  /** Before the step. */
  readonly view: ScheduleView;
  /** Ordered calls asked up to here, this step's included: a pair that comes again is not asked again. */
  readonly calls: number;
}

export interface SteppedSchedule {
  readonly steps: readonly ScheduleStep[];
  /** After the last step. */
  readonly end: ScheduleView | undefined;
  /** All that it asked was there. */
  readonly complete: boolean;
}

/** Ends early, with the steps it has, where a pair was never decided. */
export function stepThrough(
  pairs: DecidedPairs,
  begin: (size: number, table: PairTable) => Schedule,
): SteppedSchedule {
  const table = new PairTable(pairs.size);
  const schedule = begin(pairs.size, table);
  const steps: ScheduleStep[] = [];
  let calls = 0;
  const view = () => schedule.view?.();
  for (let step = schedule.steps.next(); !step.done; step = schedule.steps.next()) {
    const before = view();
    for (const [a, b] of step.value) {
      const said = pairs.table.get(a, b);
      if (said === undefined) return { steps, end: before, complete: false };
      if (!table.has(a, b)) calls++;
      table.set(a, b, said);
    }
    if (!before) continue;
    const compared = step.value.filter((_, i) => i % 2 === 0);
    steps.push({ view: before, calls, pairs: compared.map(([one, other]) => outcome(table, one, other)) });
  }
  return { steps, end: view(), complete: true };
}

function outcome(table: PairTable, one: number, other: number): StepPair {
  const winner = table.beats(one, other) ? one : other;
  const loser = winner === one ? other : one;
  return { one, other, winner, clear: table.get(winner, loser) === 1 && table.get(loser, winner) === 0 };
}
