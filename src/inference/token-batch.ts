/** Prompts of a batch as the model takes them. */
import type { Batch } from './batching.ts';
import type { TokenBatch } from './label-model.ts';
import type { EncodedPrompt } from './prompt-encoder.ts';

/**
 * Rows of a batch, filled up with padding to its length. Rows beyond the prompts hold one padding token, which their mask
 * lets through: a row with nothing to attend to would be undefined.
 */
export function padded(
  { rows, height, length }: Batch,
  encoded: readonly EncodedPrompt[],
  padId: number,
): TokenBatch {
  const ids = new Int32Array(height * length).fill(padId);
  const mask = new Int32Array(height * length);
  const types = encoded.some((prompt) => prompt.types) ? new Int32Array(height * length) : undefined;
  for (let r = 0; r < height; r++) {
    const own = r < rows.length ? encoded[rows[r]!]!.ids : [padId];
    ids.set(own, r * length);
    mask.fill(1, r * length, r * length + own.length);
    const ownTypes = r < rows.length ? encoded[rows[r]!]!.types : undefined;
    if (ownTypes) types?.set(ownTypes, r * length);
  }
  return { ids, mask, types, rows: height, length };
}
