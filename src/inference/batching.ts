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
  /** Lengths are rounded up to a multiple of this (WebGPU compiles shaders for each new shape). */
  readonly multiple: number;
}

export interface Batch {
  /** Positions in the prompts given. */
  readonly rows: readonly number[];
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
      const full = rows.length >= options.rows || padded - tokens - length > options.waste * padded;
      if (rows.length > 0 && full) {
        batches.push(close(rows, lengths, options.multiple));
        rows = [];
        tokens = 0;
      }
      rows.push(i);
      tokens += length;
    }
    if (rows.length > 0) batches.push(close(rows, lengths, options.multiple));
  }
  return batches;
}

function close(rows: readonly number[], lengths: readonly number[], multiple: number): Batch {
  const longest = Math.max(...rows.map((i) => lengths[i]!));
  return { rows, length: Math.ceil(longest / multiple) * multiple };
}
