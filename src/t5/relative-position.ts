/**
 * T5's relative position buckets (Raffel et al. 2020, section 2.1; Hugging Face
 * T5Attention._relative_position_bucket): half of the buckets for exact small distances, the rest
 * logarithmically up to `maxDistance`, beyond which all distances share the last one.
 */

export interface BucketOptions {
  readonly buckets: number;
  readonly maxDistance: number;
  /** Encoder: both directions have buckets of their own. Decoder: keys to the right share bucket 0. */
  readonly bidirectional: boolean;
}

/** Bucket of a key at `relative` = key position − query position. */
export function relativeBucket(
  relative: number,
  { buckets, maxDistance, bidirectional }: BucketOptions,
): number {
  let half = buckets;
  let offset = 0;
  let distance = -relative;
  if (bidirectional) {
    half = Math.floor(buckets / 2);
    if (relative > 0) offset = half;
    distance = Math.abs(relative);
  } else {
    distance = Math.max(distance, 0);
  }
  const exact = Math.floor(half / 2);
  if (distance < exact) return offset + distance;
  // Hugging Face computes this in float32; Math.fround at each step reproduces its edge cases.
  const log = Math.fround(
    Math.fround(Math.log(Math.fround(distance / exact))) / Math.fround(Math.log(maxDistance / exact)),
  );
  const large = exact + Math.floor(Math.fround(log * (half - exact)));
  return offset + Math.min(large, half - 1);
}

/** Largest distance whose bucket can differ from that of all greater ones. */
export function reach({ maxDistance }: BucketOptions): number {
  return maxDistance;
}

/**
 * The bias for every relative position from −reach to +reach, so that one Gather with a clipped
 * index serves any length.
 * @param weight [buckets × heads] of `relative_attention_bias`.
 * @returns [(2·reach + 1) × heads]; row r is relative position r − reach.
 */
export function biasTable(weight: ArrayLike<number>, heads: number, options: BucketOptions): Float32Array {
  const span = reach(options);
  const table = new Float32Array((2 * span + 1) * heads);
  for (let relative = -span; relative <= span; relative++) {
    const bucket = relativeBucket(relative, options);
    for (let head = 0; head < heads; head++) {
      table[(relative + span) * heads + head] = weight[bucket * heads + head]!;
    }
  }
  return table;
}
