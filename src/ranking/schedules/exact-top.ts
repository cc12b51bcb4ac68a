/**
 * PRP's exact top k: the first k places of all pairs (paper, Eq. 5), in their order, without the calls that can no
 * longer change them. After every step each candidate's final score is known to lie between what it has won so far and
 * that plus all its open calls; a candidate stands fast once its lower bound is above the upper bounds of all below it.
 * No assumption is made about the judge: contradictions, rings and ties cost calls, never the answer.
 */
import type { Ranking } from '../orders.ts';
import type { PairTable } from '../pair-table.ts';
import { rankByPairs } from './all-pairs.ts';
import { bothOrders, type OrderedPair, type Schedule } from './schedule.ts';

/**
 * Opponents of one step: fewer save calls, more fill a batch. On a judge that contradicts itself on 30 % of the pairs, one
 * and four took 51 and 55 % of the calls at (n, k) = (20, 3), and 44 % both at (100, 10).
 */
const opponentsOf = (size: number) => Math.max(1, Math.floor(size / 20));

/**
 * In each step the candidate with the highest possible score plays the strongest that can still reach the top, then,
 * when it has met all of them, the strongest of the others.
 * @param top places to settle, from 1; `size` or more asks until the whole order is settled
 */
export function exactTop(size: number, table: PairTable, top: number): Schedule {
  function* steps(): Generator<OrderedPair[], void> {
    while (true) {
      const standing = new Standing(size, table);
      const next = standing.nextGames(top);
      if (next.length === 0) return;
      yield next.flatMap(([i, j]) => bothOrders(i, j));
    }
  }
  // An open call counts one half, so whoever stands fast above another by its bounds stands above it here.
  const ranking = (): Ranking => rankByPairs(table);
  return { steps: steps(), ranking };
}

/** Bounds of all final scores at one moment. */
class Standing {
  readonly #size: number;
  readonly #table: PairTable;
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor(size: number, table: PairTable) {
    this.#size = size;
    this.#table = table;
    this.#low = new Float64Array(size);
    this.#high = new Float64Array(size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        const said = a === b ? undefined : table.get(a, b);
        if (a === b) continue;
        this.#low[a]! += said ?? 0;
        this.#low[b]! += 1 - (said ?? 1);
        this.#high[a]! += said ?? 1;
        this.#high[b]! += 1 - (said ?? 0);
      }
    }
  }

  /** Whether i stands above j whatever the open calls say; equal scores are in first-stage order. */
  #surelyAbove(i: number, j: number): boolean {
    const least = this.#low[i]!;
    const most = this.#high[j]!;
    return least > most || (least === most && i < j);
  }

  /** Whether both orders of the pair have been answered. */
  #met(i: number, j: number): boolean {
    return this.#table.has(i, j) && this.#table.has(j, i);
  }

  /** The pairs to ask next; none when the first `top` places stand fast. */
  nextGames(top: number): (readonly [i: number, j: number])[] {
    const hopeful = Array.from({ length: this.#size }, (_, i) => i).sort(
      (i, j) => this.#high[j]! - this.#high[i]! || i - j,
    );
    // Places that stand fast, from the first: their holders need no more games of their own.
    let fast = 0;
    while (fast < top && fast < hopeful.length) {
      const holder = hopeful[fast]!;
      if (!hopeful.slice(fast + 1).every((other) => this.#surelyAbove(holder, other))) break;
      fast++;
    }
    if (fast >= top || fast >= this.#size) return [];
    const rest = hopeful.slice(fast);
    const alive = rest.filter((i) => this.#canReach(i, top - fast, rest));
    const others = hopeful.filter((i) => !alive.includes(i));
    for (const player of alive) {
      const opponents = [...alive, ...others].filter((i) => i !== player && !this.#met(player, i));
      if (opponents.length > 0)
        return opponents.slice(0, opponentsOf(this.#size)).map((other) => [player, other] as const);
    }
    return [];
  }

  /** Whether i can still be among the first `places` of the candidates given. */
  #canReach(i: number, places: number, among: readonly number[]): boolean {
    let above = 0;
    for (const j of among) if (j !== i && this.#surelyAbove(j, i)) above++;
    return above < places;
  }
}
