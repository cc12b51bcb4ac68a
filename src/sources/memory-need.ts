/** About how much memory a model takes, for people who decide whether to fetch it: from the sizes of its files alone. */
import { sessionBytes } from '../checkpoint/build/session-memory.ts';
import type { Use } from './usable.ts';

/**
 * Bytes at the peak of a conversion, or of a session with what is ready. Once config.json is there, `modelNeeds` is more
 * exact; before, original weights say only this: 0.55, 0.89 and 2.05 GB were measured in Chromium for 154, 495 and 1566 MB
 * in bf16 (FLAN-T5 shapes, to int8, session included), which is a line of 390 MB and 1.06 times the weights. For weights in
 * fp32, twice as large for the same model, that is too much rather than too little.
 */
export function memoryNeed({ kind, bytes }: Pick<Use, 'kind' | 'bytes'>): number {
  return kind === 'original' || kind === 'pickle' ? 390e6 + 1.06 * bytes : sessionBytes(bytes);
}
