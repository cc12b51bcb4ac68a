/** How much arithmetic a T5 scorer is, counted from its configuration. */
import type { T5Config } from '../src/t5/config.ts';

/**
 * Floating-point operations of the forward's matrix products (2 m n k each), and nothing else: no
 * norms, softmax, activations, embeddings, position bias, optimiser.
 *
 * With N = rows · length input tokens, P decoder tokens a row, D = d_model, A = heads · d_kv,
 * F = d_ff, g = 3 matrices in a gated feed-forward layer and 2 in a plain one:
 *
 *   encoder layer   N (4 D A + g D F) + attention 2 N L A
 *   decoder layer   P rows (8 D A + g D F) + attention 2 rows P² A + cross-attention 2 N P H D
 *   head            rows · labels · D
 *
 * all times 2; H = heads. Counted is what is computed: the projections of cross-attention's keys and values are
 * applied to the P queries and to what they sum up, not to the N positions (src/t5/forward.ts), where they would
 * be 2 N D A more. The decoder of length 1 is counted in full, although some of it could be left out.
 */
export function forwardFlops(
  config: T5Config,
  {
    rows,
    length,
    decoder = 1,
    labels = 1,
  }: { rows: number; length: number; decoder?: number; labels?: number },
): number {
  const { dModel: d, dFf, numHeads, dKv, encoderLayers, decoderLayers } = config;
  const inner = numHeads * dKv;
  const tokens = rows * length;
  const feedForward = (config.gated ? 3 : 2) * d * dFf;
  const encoderLayer = tokens * (4 * d * inner + feedForward) + 2 * tokens * length * inner;
  const decoderLayer =
    decoder * rows * (8 * d * inner + feedForward) +
    2 * rows * decoder ** 2 * inner +
    2 * tokens * decoder * numHeads * d;
  return 2 * (encoderLayers * encoderLayer + decoderLayers * decoderLayer + rows * labels * d);
}

/**
 * Of a training step: three times the forward's, for every product y = x W is two in the backward
 * (dx = dy Wᵀ, dW = xᵀ dy).
 */
export function stepFlops(...shape: Parameters<typeof forwardFlops>): number {
  return 3 * forwardFlops(...shape);
}
