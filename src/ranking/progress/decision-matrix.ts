/**
 * The decisions of one comparing run as an n × n table of ordered pairs, changed in place while the
 * run goes on: copying 9,900 objects a batch would cost more than drawing them. Readers watch
 * `version` and read the cells they need.
 */
import { PairTable } from '../pair-table.ts';
import type { Decision } from '../types.ts';

export class DecisionMatrix {
  readonly n: number;
  /** The preferences alone, for the pair analysis of src/ranking. */
  readonly table: PairTable;
  /** Counts changes. */
  version = 0;
  /** Ordered pairs decided so far. */
  decided = 0;
  /** By candidate, counts what came of it in either place: a view of a row is as new as its stamp. */
  readonly stamps: Uint32Array;
  readonly #cells: (Decision | undefined)[];

  constructor(n: number) {
    this.n = n;
    this.table = new PairTable(n);
    this.stamps = new Uint32Array(n);
    this.#cells = new Array<Decision | undefined>(n * n).fill(undefined);
  }

  /** The decision with candidate a asked as passage A and b as passage B; undefined while unasked. */
  at(a: number, b: number): Decision | undefined {
    return this.#has(a, b) ? this.#cells[a * this.n + b] : undefined;
  }

  /** Stores decisions; a later one of the same ordered pair replaces the earlier. */
  put(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      const { a, b } = decision;
      if (a === b || !this.#has(a, b)) continue;
      if (this.#cells[a * this.n + b] === undefined) this.decided++;
      this.#cells[a * this.n + b] = decision;
      this.table.set(a, b, decision.preference);
      this.stamps[a]!++;
      this.stamps[b]!++;
    }
    this.version++;
  }

  /** All decisions so far in row order. */
  list(): Decision[] {
    return this.#cells.filter((cell): cell is Decision => cell !== undefined);
  }

  #has(a: number, b: number): boolean {
    return a >= 0 && b >= 0 && a < this.n && b < this.n;
  }
}
