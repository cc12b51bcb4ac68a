/** About how much memory a model takes, for people who decide whether to fetch it. */
import type { Use } from './usable.ts';

const MB = 1e6;

/**
 * Bytes at the peak. From measured conversions and sessions (FLAN-T5 shapes in Chromium, weights read tensor by tensor):
 * 0.55, 0.89 and 2.05 GB for original weights of 154, 495 and 1566 MB in bf16, a line of 390 MB and 1.06 times the
 * weights. Originals in fp32 are twice as large for the same model, so that for them this is too much rather than too little.
 */
export function memoryNeed({ kind, bytes }: Pick<Use, 'kind' | 'bytes'>): number {
  if (kind === 'original' || kind === 'pickle') return 390 * MB + 1.06 * bytes;
  // A session holds the weights and what it makes of them; the runtime and the page come on top.
  return 250 * MB + 2 * bytes;
}
