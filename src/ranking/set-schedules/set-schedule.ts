/**
 * A schedule of setwise ranking decides which sets of passages to ask about and reads the ranking from who won them.
 * Plain synchronous code: its caller (setwise.ts) asks the model.
 */
import type { Ranking } from '../orders.ts';

/** Candidates in the order shown: at least two. */
export type ShownSet = readonly number[];

export interface SetSchedule {
  /** Each step is a list of sets whose winners must be known before the next step is taken. */
  readonly steps: Iterator<readonly ShownSet[], void>;
  /** Best ranking known so far, at any moment; a permutation of all candidates. */
  ranking(): Ranking;
}

/** What a schedule is begun with. */
export interface SetChoices {
  /** Most passages shown at once. */
  readonly setSize: number;
  /** Places to settle. */
  readonly top: number;
}

/** Who won which set, by what was shown and in which order. */
export class Winners {
  readonly #winners = new Map<string, number>();

  get(shown: ShownSet): number | undefined {
    return this.#winners.get(shown.join());
  }

  set(shown: ShownSet, winner: number): void {
    this.#winners.set(shown.join(), winner);
  }

  /** @throws Error where a schedule reads a set that it has not asked about */
  of(shown: ShownSet): number {
    const winner = this.get(shown);
    if (winner === undefined) throw new Error(`Nobody has won the set ${shown.join()} yet.`);
    return winner;
  }
}
