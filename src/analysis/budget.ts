/**
 * A budget of calls under the hand: what order each schedule has after so many calls, all from the same decisions, so
 * that the schedules and not the judge's moods are compared.
 */
import { PairTable } from '../ranking/pair-table.ts';
import { nextOpen } from '../ranking/pairwise.ts';
import type { Schedule } from '../ranking/schedules/schedule.ts';
import type { DecidedPairs } from './decided-pairs.ts';

/** The order that a schedule has when a batch of its calls is answered. */
export interface BudgetPoint {
  /** Ordered calls answered so far. */
  readonly calls: number;
  /** Batches so far, of at most `batch` calls: a step's calls can share batches, two steps' cannot. */
  readonly batches: number;
  /** Seconds of those calls, as they were measured when they were asked; NaN where a call has no time. */
  readonly seconds: number;
  readonly order: readonly number[];
}

export interface BudgetOptions {
  /** Calls a batch; 16 unless told. */
  readonly batch?: number;
  /** Measured milliseconds of the ordered call (a, b). */
  readonly msOf?: (a: number, b: number) => number;
}

/**
 * Replays a schedule on decisions that are there. Ends early, with what it has, where it asks a pair that was never decided.
 * @returns its order before the first call and after every batch; `complete` when all that it asked was there
 */
export function replaySchedule(
  pairs: DecidedPairs,
  begin: (size: number, table: PairTable) => Schedule,
  { batch = 16, msOf = () => Number.NaN }: BudgetOptions = {},
): { readonly points: readonly BudgetPoint[]; readonly complete: boolean } {
  const table = new PairTable(pairs.size);
  const schedule = begin(pairs.size, table);
  let calls = 0;
  let batches = 0;
  let ms = 0;
  const points: BudgetPoint[] = [];
  const note = () => {
    points.push({ calls, batches, seconds: ms / 1000, order: schedule.ranking().order });
  };
  let open = nextOpen(schedule, table);
  note();
  while (open.length > 0) {
    for (let start = 0; start < open.length; start += batch) {
      const part = open.slice(start, start + batch);
      for (const [a, b] of part) {
        const said = pairs.table.get(a, b);
        if (said === undefined) return { points, complete: false };
        table.set(a, b, said);
        calls++;
        ms += msOf(a, b);
      }
      batches++;
      if (start + batch < open.length) note();
    }
    open = nextOpen(schedule, table);
    note();
  }
  return { points, complete: true };
}

/** The last point that a budget of calls pays for. */
export const withinBudget = (points: readonly BudgetPoint[], calls: number): BudgetPoint | undefined =>
  points.findLast((point) => point.calls <= calls);
