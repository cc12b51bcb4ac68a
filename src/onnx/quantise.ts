/**
 * Weight quantisation, done while a graph is built.
 *
 * - `quantiseRows`: int8 per row. u8 × s8 products are summed in pairs into 16 bits on x86 without VNNI
 *   (vpmaddubsw), silently saturating: 2 · 255 · 127 does not fit. With 7 bits on either side it does,
 *   on every CPU: 2 · 255 · 63 = 32,130 (weights within ±63) or 2 · 127 · 127 = 32,258 (activations
 *   up to 127).
 * - `quantiseBlocks`: 4 or 8 bits in blocks along the input dimension, symmetric, in the layout of
 *   com.microsoft MatMulNBits and GatherBlockQuantized.
 */

export interface RowQuantised {
  /** [rows × columns], within ±levels. */
  readonly data: Int8Array;
  /** One scale a row: weight ≈ data · scale. */
  readonly scales: Float32Array;
}

export const MAX_7BIT = 63;
/** Also for tables that are only looked up: nothing is summed there. */
export const MAX_8BIT = 127;

/** Quantises each row of a [rows × columns] matrix by its own largest value, to ±`levels` steps. */
export function quantiseRows(
  weight: Float32Array,
  rows: number,
  columns: number,
  levels: number,
): RowQuantised {
  const data = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const scale = largest(weight, start, start + columns) / levels || 1;
    scales[row] = scale;
    for (let i = start; i < start + columns; i++) data[i] = Math.round(weight[i]! / scale);
  }
  return { data, scales };
}

export interface BlockQuantised {
  /** [rows × blocks × bytes a block]; 4-bit packs two values a byte, the first in the low half. */
  readonly data: Uint8Array;
  /** [rows × blocks]. */
  readonly scales: Float32Array;
  readonly blocks: number;
  readonly bytesPerBlock: number;
}

/** Values along the input dimension that share a scale. */
export const BLOCK = 32;

/** Quantises a [rows × columns] matrix in blocks of 32 along its columns; the zero point is the middle. */
export function quantiseBlocks(
  weight: Float32Array,
  rows: number,
  columns: number,
  bits: 4 | 8,
): BlockQuantised {
  const blocks = Math.ceil(columns / BLOCK);
  const bytesPerBlock = (BLOCK * bits) / 8;
  const zero = 2 ** (bits - 1);
  const data = new Uint8Array(rows * blocks * bytesPerBlock);
  const scales = new Float32Array(rows * blocks);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = row * columns + block * BLOCK;
      const end = Math.min(start + BLOCK, (row + 1) * columns);
      const scale = blockScale(weight, start, end, bits);
      const at = row * blocks + block;
      scales[at] = scale;
      for (let i = 0; i < BLOCK; i++) {
        const value = start + i < end ? weight[start + i]! / scale : 0;
        const q = Math.max(0, Math.min(2 * zero - 1, Math.round(value) + zero));
        if (bits === 8) data[at * bytesPerBlock + i] = q;
        else data[at * bytesPerBlock + (i >> 1)]! |= (i & 1) === 0 ? q : q << 4;
      }
    }
  }
  return { data, scales, blocks, bytesPerBlock };
}

/**
 * 8 bits: largest magnitude at ±127. 4 bits: the extreme value sits on −8, the one level more that
 * two's complement has on that side (the scale then carries the sign).
 */
function blockScale(weight: Float32Array, start: number, end: number, bits: 4 | 8): number {
  if (bits === 8) return largest(weight, start, end) / 127 || 1;
  let extreme = 0;
  for (let i = start; i < end; i++) if (Math.abs(weight[i]!) > Math.abs(extreme)) extreme = weight[i]!;
  return extreme / -8 || 1;
}

function largest(values: Float32Array, start: number, end: number): number {
  let most = 0;
  for (let i = start; i < end; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

/** [rows × columns] → [columns × rows]. */
export function transposed<T extends Float32Array | Int8Array>(matrix: T, rows: number, columns: number): T {
  const out = new (matrix.constructor as { new (length: number): T })(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = matrix[row * columns + column]!;
  }
  return out;
}
