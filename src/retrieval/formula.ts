/**
 * The formula, in the form MiniSearch computes it for a search of one term:
 *
 *   idf(t) · (δ + f·(k1 + 1) / (f + k1·(1 − b + b·|d| / avg|d|)))
 *   idf(t) = ln(1 + (N − n + ½) / (n + ½))
 *
 * This is BM25 (Robertson and Zaragoza 2009, eq. 3.15) with Lucene's idf, which is never negative,
 * and with the lower bound δ of BM25+ (Lv and Zhai 2011), 0 by default.
 */
/** For people: which BM25 this is. |d| counts every indexed term of the passage, stop-words not. */
export const BM25_VARIANT = 'BM25 with Lucene’s idf; δ of BM25+ (0 = plain BM25); length in terms';

/** Inverse document frequency of a term that `matching` of `total` passages contain. */
export function inverseDocumentFrequency(matching: number, total: number): number {
  return Math.log(1 + (total - matching + 0.5) / (matching + 0.5));
}

/**
 * The part of the saturation that depends on the passage alone: k1·(1 − b + b·|d| / avg|d|).
 * The order of operations, here and below, is MiniSearch's, so that results agree to the last bit.
 */
export function lengthNorm(length: number, averageLength: number, k1: number, b: number): number {
  return k1 * (1 - b + (b * length) / averageLength);
}

/** What `frequency` occurrences count, before idf, in a passage of norm `lengthNorm(…)`. */
export function saturation(frequency: number, norm: number, k1: number, delta: number): number {
  return delta + (frequency * (k1 + 1)) / (frequency + norm);
}
