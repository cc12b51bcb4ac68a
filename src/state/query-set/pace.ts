/** How far a query set is and how fast each method has been, for the progress that people see. */
import { callsOf, type Lane, type LaneProgress, secondsLeft } from './plan.ts';
import { complete, type SetProgress } from './store.ts';
import type { ModelMethod, SetMethod, SetQuery } from './types.ts';

interface Pace {
  planned: number;
  /** Of rankings that are done. */
  answered: number;
  seconds: number;
  /** Of the ranking at work. */
  now: { answered: number; seconds: number };
}

const still = { answered: 0, seconds: 0 };

export class SetPace {
  readonly #lanes: ReadonlyMap<ModelMethod, Pace>;
  readonly #methods: readonly SetMethod[];

  constructor(lanes: readonly Lane[], queries: readonly SetQuery[]) {
    this.#methods = lanes.map(({ method }) => method);
    this.#lanes = new Map(
      lanes.map((lane) => {
        const pace: Pace = { planned: 0, answered: 0, seconds: 0, now: still };
        for (const { candidates, rankings } of queries) {
          const cost = rankings[lane.method]?.cost;
          pace.planned += cost?.calls ?? callsOf(lane, candidates.length);
          pace.answered += cost?.calls ?? 0;
          pace.seconds += cost?.seconds ?? 0;
        }
        return [lane.method, pace];
      }),
    );
  }

  running({ method }: Lane, answered: number, seconds: number): void {
    this.#of(method).now = { answered, seconds };
  }

  /** The ranking at work was given up. */
  dropped({ method }: Lane): void {
    this.#of(method).now = still;
  }

  /** A ranking has ended with so many calls, which may be fewer than planned. */
  done(lane: Lane, candidates: number, calls: number): void {
    const pace = this.#of(lane.method);
    pace.planned += calls - callsOf(lane, candidates);
    pace.answered += calls;
    pace.seconds += pace.now.seconds;
    pace.now = still;
  }

  progress(queries: readonly SetQuery[], method: SetMethod | null): SetProgress {
    const lanes: LaneProgress[] = [...this.#lanes.values()].map(({ planned, answered, seconds, now }) => ({
      planned,
      answered: answered + now.answered,
      seconds: seconds + now.seconds,
    }));
    const sum = (of: (lane: LaneProgress) => number): number =>
      lanes.reduce((all, lane) => all + of(lane), 0);
    return {
      queriesDone: complete(queries, this.#methods),
      method,
      answered: sum(({ answered }) => answered),
      planned: sum(({ planned }) => planned),
      secondsLeft: secondsLeft(lanes),
    };
  }

  #of(method: ModelMethod): Pace {
    return this.#lanes.get(method)!;
  }
}
