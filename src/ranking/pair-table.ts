/**
 * The n × n table of PRP decisions: row a, column b holds c_ab (paper, Eq. 4) of the ordered pair
 * in which a was shown as passage A and b as passage B. Both triangles count, for order matters.
 */

const OPEN = -1;

/** c_ab: 1 when A wins, 0 when B wins, 0.5 on exactly equal logits. */
export type Preference = 0 | 0.5 | 1;

/** Eq. 4 from the two label logits. */
export function preference(logitA: number, logitB: number): Preference {
  if (logitA === logitB) return 0.5;
  return logitA > logitB ? 1 : 0;
}

export class PairTable {
  readonly size: number;
  /** Counts up with every decision: lets a view know that it is stale. */
  version = 0;
  readonly #cells: Float32Array;

  constructor(size: number) {
    this.size = size;
    this.#cells = new Float32Array(size * size).fill(OPEN);
  }

  /** A table of decisions such as `decided` events carry. */
  static from(
    size: number,
    decisions: Iterable<{ readonly a: number; readonly b: number; readonly preference: Preference }>,
  ): PairTable {
    const table = new PairTable(size);
    for (const decision of decisions) table.set(decision.a, decision.b, decision.preference);
    return table;
  }

  set(a: number, b: number, value: Preference): void {
    if (a === b || !(a >= 0 && a < this.size && b >= 0 && b < this.size)) {
      throw new RangeError(`No pair (${a}, ${b}) in a table of ${this.size} candidates.`);
    }
    this.#cells[a * this.size + b] = value;
    this.version++;
  }

  /** c_ab; undefined while not decided. */
  get(a: number, b: number): Preference | undefined {
    const cell = this.#cells[a * this.size + b];
    return cell === undefined || cell === OPEN ? undefined : (cell as Preference);
  }

  has(a: number, b: number): boolean {
    return this.get(a, b) !== undefined;
  }

  /** All ordered pairs that are decided, row by row. */
  *asked(): Generator<readonly [a: number, b: number]> {
    for (let a = 0; a < this.size; a++) {
      for (let b = 0; b < this.size; b++) if (a !== b && this.has(a, b)) yield [a, b];
    }
  }

  /**
   * Whether a ranks above b when a list is sorted: a pair counts as decided only if *both* orders
   * name the same winner. On a contradiction, an equal or a missing decision the first stage decides,
   * i.e. the smaller index wins. So exactly one of beats(a, b) and beats(b, a) holds (a ≠ b).
   */
  beats(a: number, b: number): boolean {
    const forward = this.get(a, b);
    const backward = this.get(b, a);
    if (forward === 1 && backward === 0) return true;
    if (forward === 0 && backward === 1) return false;
    return a < b;
  }
}
