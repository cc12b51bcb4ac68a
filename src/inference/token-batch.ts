/** Prompts of a batch as the model takes them. */
import type { Batch } from './batching.ts';
import type { TokenBatch } from './label-model.ts';
import type { EncodedPrompt } from './prompt-encoder.ts';

/** Rows of a batch, filled up with padding to its length. */
export function padded(
  { rows, length }: Batch,
  encoded: readonly EncodedPrompt[],
  padId: number,
): TokenBatch {
  const ids = new Int32Array(rows.length * length);
  const mask = new Int32Array(rows.length * length);
  for (let r = 0; r < rows.length; r++) {
    const own = encoded[rows[r]!]!.ids;
    const end = r * length + own.length;
    ids.set(own, r * length);
    ids.fill(padId, end, (r + 1) * length);
    mask.fill(1, r * length, end);
  }
  return { ids, mask, rows: rows.length, length };
}
