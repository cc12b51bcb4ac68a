/** Builds an index in slices of time, so that the thread stays open for messages such as cancel. */
import { throwIfCancelled } from '../errors.ts';
import type { Passage } from '../types.ts';
import { Bm25Index } from './bm25-index.ts';
import { Slices } from './slices.ts';
import type { Bm25Params } from './types.ts';

export interface BuildOptions {
  /**
   * Ends the work at the next slice.
   * @example `buildIndex(passages, DEFAULT_BM25, { signal: controller.signal })`, stopped by `controller.abort()`
   */
  readonly signal?: { readonly aborted: boolean };
  /**
   * Called after each slice (about 20 a second) with the number of passages indexed, and at the end.
   * @example `{ onProgress: (done) => bar.value = done / passages.length }`
   */
  readonly onProgress?: (done: number) => void;
}

/**
 * @throws RankscopeError 'cancelled' when the signal is aborted, 'bad-input' for parameters out of range
 */
export async function buildIndex(
  passages: readonly Passage[],
  params: Bm25Params,
  options: BuildOptions = {},
): Promise<Bm25Index> {
  const { signal, onProgress } = options;
  const index = new Bm25Index(params);
  const slices = new Slices();
  for (const passage of passages) {
    index.append(passage);
    if (slices.over()) {
      onProgress?.(index.size);
      await slices.pause();
      throwIfCancelled(signal);
    }
  }
  throwIfCancelled(signal);
  onProgress?.(index.size);
  return index;
}
