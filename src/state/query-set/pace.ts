/** How far many rankings are and how fast each method has been, for the progress that people see. */
import { type LaneProgress, secondsLeft } from './plan.ts';

/** What one method is to do in all, and what is done of it before the rankings go on. */
export interface LanePlan<Id extends string> {
  readonly id: Id;
  /** Calls of all rankings, at most. */
  readonly planned: number;
  /** Of rankings that are done. */
  readonly answered: number;
  readonly seconds: number;
}

interface Pace {
  planned: number;
  answered: number;
  seconds: number;
  /** Of the ranking at work. */
  now: { answered: number; seconds: number };
}

export interface PaceTotals {
  readonly answered: number;
  /** At most. */
  readonly planned: number;
  /** null while the pace of a method is not known yet. */
  readonly secondsLeft: number | null;
}

const still = { answered: 0, seconds: 0 };

export class LanePace<Id extends string> {
  readonly #lanes: ReadonlyMap<Id, Pace>;

  constructor(plans: Iterable<LanePlan<Id>>) {
    this.#lanes = new Map(
      [...plans].map(({ id, planned, answered, seconds }) => [
        id,
        { planned, answered, seconds, now: still },
      ]),
    );
  }

  running(id: Id, answered: number, seconds: number): void {
    this.#of(id).now = { answered, seconds };
  }

  /** The ranking at work was given up. */
  dropped(id: Id): void {
    this.#of(id).now = still;
  }

  /** A ranking has ended with so many calls, which may be fewer than were planned for it. */
  done(id: Id, planned: number, calls: number): void {
    const pace = this.#of(id);
    pace.planned += calls - planned;
    pace.answered += calls;
    pace.seconds += pace.now.seconds;
    pace.now = still;
  }

  /** A method has ended for good: what was planned of it is not waited for. */
  given(id: Id): void {
    const pace = this.#of(id);
    pace.planned = pace.answered;
    pace.now = still;
  }

  get totals(): PaceTotals {
    const lanes: LaneProgress[] = [...this.#lanes.values()].map(({ planned, answered, seconds, now }) => ({
      planned,
      answered: answered + now.answered,
      seconds: seconds + now.seconds,
    }));
    const sum = (of: (lane: LaneProgress) => number): number =>
      lanes.reduce((all, lane) => all + of(lane), 0);
    return {
      answered: sum(({ answered }) => answered),
      planned: sum(({ planned }) => planned),
      secondsLeft: secondsLeft(lanes),
    };
  }

  #of(id: Id): Pace {
    return this.#lanes.get(id)!;
  }
}
