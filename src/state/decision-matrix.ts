/**
 * The decisions of one teacher run as an n × n table of ordered pairs, changed in place while the
 * run goes on: 9,900 objects copied per batch would cost more than drawing them. Components watch
 * `version` (the run store copies it into the column at each commit) and read the cells they draw.
 */
import type { Truncation } from '../inference/scorer.ts';
import type { Decision } from '../ranking/types.ts';

export class DecisionMatrix {
  readonly n: number;
  /** Counts changes. */
  version = 0;
  /** Ordered pairs decided so far. */
  decided = 0;
  private readonly cells: (Decision | undefined)[];

  constructor(n: number) {
    this.n = n;
    this.cells = new Array<Decision | undefined>(n * n).fill(undefined);
  }

  /** The decision with candidate a asked as passage A and b as passage B; undefined while unasked. */
  at(a: number, b: number): Decision | undefined {
    return a < 0 || b < 0 || a >= this.n || b >= this.n ? undefined : this.cells[a * this.n + b];
  }

  /** Stores decisions. A pair that came before is replaced only if it was not asked in this run. */
  put(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.a < 0 || decision.b < 0 || decision.a >= this.n || decision.b >= this.n) continue;
      const cell = decision.a * this.n + decision.b;
      const before = this.cells[cell];
      if (before && !before.cached) continue;
      if (!before) this.decided++;
      this.cells[cell] = decision;
    }
    if (decisions.length > 0) this.version++;
  }

  /** All decisions in row order. */
  list(): Decision[] {
    return this.cells.filter((cell): cell is Decision => cell !== undefined);
  }

  /** What truncation cut of candidate i in the prompts asked so far (the largest cut). */
  cuts(i: number): Truncation | undefined {
    let largest: Truncation | undefined;
    for (let other = 0; other < this.n; other++) {
      for (const [decision, slot] of [
        [this.at(i, other), 'passage_a'],
        [this.at(other, i), 'passage_b'],
      ] as const) {
        const cut = decision?.cuts.find((c) => c.slot === slot);
        if (cut && (!largest || cut.kept < largest.kept)) largest = cut;
      }
    }
    return largest;
  }
}
