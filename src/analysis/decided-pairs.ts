/** What the analysis reads of a run: ordered decisions with their logits, by place in a flat table. */
import { PairTable, type Preference } from '../ranking/pair-table.ts';

/** One ordered decision; a `Decision` of the event stream is one. */
export interface PairDecision {
  readonly a: number;
  readonly b: number;
  readonly logitA: number;
  readonly logitB: number;
  readonly preference: Preference;
}

type Pair = readonly [number, number];

interface Lists {
  /** Of the table that they were read from. */
  readonly version: number;
  readonly asked: readonly Pair[];
  readonly bothWays: readonly Pair[];
}

/** Decisions of a list of n candidates: the table of preferences and the margins (logit A − logit B). */
export class DecidedPairs {
  readonly size: number;
  readonly table: PairTable;
  /** Row a, column b: logit A − logit B of the ordered pair; NaN while it was not asked. */
  readonly margins: Float64Array;
  #listed: Lists | undefined;

  constructor(size: number, decisions: Iterable<PairDecision>) {
    this.size = size;
    this.table = new PairTable(size);
    this.margins = new Float64Array(size * size).fill(Number.NaN);
    for (const { a, b, logitA, logitB, preference } of decisions) {
      this.table.set(a, b, preference);
      this.margins[a * size + b] = logitA - logitB;
    }
  }

  /** Logit A − logit B of the ordered pair; NaN while it was not asked. */
  margin(a: number, b: number): number {
    return this.margins[a * this.size + b]!;
  }

  /** P(A) of the ordered pair from its two logits, σ(logit A − logit B); NaN while it was not asked. */
  probability(a: number, b: number): number {
    return sigmoid(this.margin(a, b));
  }

  /** Pairs i < j of which both orders were asked. */
  bothWays(): readonly Pair[] {
    return this.#lists().bothWays;
  }

  /** All ordered pairs that were asked. */
  asked(): readonly Pair[] {
    return this.#lists().asked;
  }

  /** A report goes over them twenty times: they are listed once, and anew when the table has changed. */
  #lists(): Lists {
    if (this.#listed?.version === this.table.version) return this.#listed;
    const asked = [...this.table.asked()];
    const bothWays = asked.filter(([a, b]) => a < b && this.table.has(b, a));
    this.#listed = { version: this.table.version, asked, bothWays };
    return this.#listed;
  }
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
