/**
 * Which prompts run together. Prompts are taken in the order given, a window at a time (so that
 * rankings move in the order the method chose), sorted by length inside the window, and cut into
 * batches whose padding stays small.
 */

export interface BatchingOptions {
  /** Most rows in a batch. */
  readonly rows: number;
  /** Prompts that are sorted together. */
  readonly window: number;
  /** Largest share of a batch that may be padding. */
  readonly waste: number;
  /**
   * Lengths, ascending, to which those of batches are rounded up; beyond the last to a multiple of it. WebGPU compiles
   * shaders for each new shape. Absent: not rounded.
   */
  readonly lengths?: readonly number[];
  /**
   * Most rows × length² of a batch, what attention's memory goes by; one prompt may be beyond it. Absent: prompts are too
   * short for that to matter.
   */
  readonly area?: number;
  /** Every batch has `rows` rows, those beyond its prompts of padding: one shape for each length. */
  readonly full?: boolean;
}

export interface Batch {
  /** Positions in the prompts given. */
  readonly rows: readonly number[];
  /** Rows of the run: at least as many as there are prompts. */
  readonly height: number;
  /** Padded length. */
  readonly length: number;
}

/** Plans batches over prompts of the given token lengths; every prompt is in exactly one. */
export function planBatches(lengths: readonly number[], options: BatchingOptions): Batch[] {
  const batches: Batch[] = [];
  for (let start = 0; start < lengths.length; start += options.window) {
    const end = Math.min(start + options.window, lengths.length);
    const order = Array.from({ length: end - start }, (_, i) => start + i);
    order.sort((a, b) => lengths[a]! - lengths[b]! || a - b);
    let rows: number[] = [];
    let tokens = 0;
    for (const i of order) {
      const length = lengths[i]!;
      const padded = length * (rows.length + 1);
      const full =
        rows.length >= mostRows(roundedUp(length, options.lengths), options) ||
        padded - tokens - length > options.waste * padded;
      if (rows.length > 0 && full) {
        batches.push(close(rows, lengths, options));
        rows = [];
        tokens = 0;
      }
      rows.push(i);
      tokens += length;
    }
    if (rows.length > 0) batches.push(close(rows, lengths, options));
  }
  return batches;
}

function close(rows: readonly number[], lengths: readonly number[], options: BatchingOptions): Batch {
  const length = roundedUp(Math.max(...rows.map((i) => lengths[i]!)), options.lengths);
  return { rows, height: options.full ? mostRows(length, options) : rows.length, length };
}

/** Rows that a batch of a length may have. */
const mostRows = (length: number, { rows, area = Number.POSITIVE_INFINITY }: BatchingOptions): number =>
  Math.max(1, Math.min(rows, Math.floor(area / length ** 2)));

function roundedUp(length: number, lengths: readonly number[] = []): number {
  const last = lengths.at(-1) ?? 1;
  return lengths.find((bucket) => length <= bucket) ?? Math.ceil(length / last) * last;
}
