/** A run along its own clock, from its log: answers so far, and how good the order was then. */

import { answersIn } from '../../ranking/event-answers.ts';
import type { LogEvent } from '../../ranking/progress/progress.ts';

export interface Moment {
  /** Seconds since the run began. */
  readonly seconds: number;
  /** Answers so far, those from the cache included. */
  readonly calls: number;
  /** nDCG@10 of the order then; undefined where no grade is above 0. */
  readonly quality: number | undefined;
}

export interface Timeline {
  /** From the beginning to the end; about `most` of them. */
  readonly moments: readonly Moment[];
  /** Answers that came from the cache at once: the clock then says little. */
  readonly cached: number;
  /** The log has times (a recording of version 1 has none). */
  readonly timed: boolean;
}

/**
 * @param first the order that the run began with
 * @param quality nDCG@10 of an order
 * @param most moments; the order is measured at these alone
 */
export function timelineOf(
  log: readonly LogEvent[],
  first: readonly number[],
  quality: (order: readonly number[]) => number | undefined,
  most = 200,
): Timeline {
  let order = first;
  let calls = 0;
  let cached = 0;
  let at = 0;
  const end = log.at(-1)?.at ?? 0;
  const moments: Moment[] = [{ seconds: 0, calls: 0, quality: quality(first) }];
  let measured = { order: first, value: moments[0]!.quality };
  const note = (): void => {
    if (measured.order !== order) measured = { order, value: quality(order) };
    moments.push({ seconds: at / 1000, calls, quality: measured.value });
  };
  let noted = 0;
  for (const event of log) {
    // After it the answers of before come again.
    if (event.type === 'resumed') [calls, cached] = [0, 0];
    else {
      for (const answer of answersIn(event)) {
        calls++;
        if (answer.cached) cached++;
      }
      if (event.type === 'ranking') order = event.order;
    }
    at = event.at;
    if (event.type !== 'ranking' || at < noted + end / most) continue;
    noted = at;
    note();
  }
  const last = moments.at(-1)!;
  if (last.seconds < at / 1000 || last.calls < calls || measured.order !== order) note();
  return { moments, cached, timed: end > 0 };
}

/** What a run had come to at a moment of its clock. */
export const momentAt = ({ moments }: Timeline, seconds: number): Moment =>
  moments.findLast((moment) => moment.seconds <= seconds) ?? moments[0]!;

/**
 * When one run's order becomes better than another's for good, both on their own clocks from 0.
 * @returns seconds; undefined when it never does, or nothing is graded
 */
export function overtakes(one: Timeline, other: Timeline): number | undefined {
  const clock = [...one.moments, ...other.moments].map(({ seconds }) => seconds).sort((a, b) => a - b);
  let since: number | undefined;
  for (const seconds of clock) {
    const [own, others] = [momentAt(one, seconds).quality, momentAt(other, seconds).quality];
    if (own !== undefined && others !== undefined && own > others) since ??= seconds;
    else since = undefined;
  }
  return since;
}
