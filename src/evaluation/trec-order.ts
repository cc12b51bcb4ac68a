/** The order trec_eval reads from a run: by score, ties by document id, both descending; ranks are ignored. */
import type { RunEntry } from '../types.ts';

/**
 * Compares ids as C's strcmp compares their UTF-8 bytes (that is, by code point). JavaScript's own
 * `<` compares UTF-16 code units, which differs where characters above U+FFFF meet U+E000…U+FFFF.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xHigh = x >= 0xd800 && x <= 0xdfff;
    const yHigh = y >= 0xd800 && y <= 0xdfff;
    if (xHigh !== yHigh) return xHigh ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

export function compareTrec(a: RunEntry, b: RunEntry): number {
  if (a.score > b.score) return -1;
  if (a.score < b.score) return 1;
  return compareBytes(b.id, a.id);
}

/** A sorted copy: best first by trec_eval's rule. Scores are compared as 64-bit floats, as trec_eval 9 does. */
export function trecOrder(entries: readonly RunEntry[]): RunEntry[] {
  return [...entries].sort(compareTrec);
}
