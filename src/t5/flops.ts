/**
 * How many floating-point operations a prompt takes, from the model's dimensions alone: no run is needed. Counted as in
 * E2R-FLOPs (Peng et al. 2025, arXiv 2507.06223): a product of matrices of m × k and k × n is 2mkn operations;
 * normalisation, activations, biases and the softmax are left out, being a fraction of a per cent.
 */
import type { T5Config } from './config.ts';

export type T5Shape = Pick<
  T5Config,
  'dModel' | 'dKv' | 'dFf' | 'numHeads' | 'encoderLayers' | 'decoderLayers' | 'gated' | 'vocabSize'
>;

/** Operations = fixed a call + linear a token + square a token squared: sums over calls need only sums of tokens. */
export interface CallCost {
  readonly perCall: number;
  readonly perToken: number;
  readonly perTokenSquared: number;
}

/**
 * Of one call with an input of n tokens and `positions` of the decoder (1: the label alone; more with a decoder prefix),
 * the whole vocabulary's logits at the last one, as the published figures count them; this page's own scorer computes
 * those of the labels alone.
 */
export function callCost(shape: T5Shape, positions: number): CallCost {
  const { dModel, dKv, dFf, numHeads, encoderLayers, decoderLayers, gated, vocabSize } = shape;
  const inner = dKv * numHeads;
  /** Query, key, value and output, a token. */
  const projections = 8 * dModel * inner;
  const feedForward = 2 * (gated ? 3 : 2) * dModel * dFf;
  /** Scores and the weighted sum, a pair of tokens. */
  const pair = 4 * inner;
  const crossKeys = 4 * dModel * inner;
  const crossQueries = 4 * dModel * inner;
  return {
    perCall:
      decoderLayers *
        (positions * (projections + crossQueries + feedForward) +
          pair * ((positions * (positions + 1)) / 2)) +
      2 * dModel * vocabSize,
    // Keys and values of the input, once for each layer of the decoder; and its attention over the input.
    perToken: encoderLayers * (projections + feedForward) + decoderLayers * (crossKeys + positions * pair),
    perTokenSquared: encoderLayers * pair,
  };
}

/** Operations of many calls. @param tokens all together @param squares the sum of their squares */
export const totalFlops = (
  { perCall, perToken, perTokenSquared }: CallCost,
  calls: number,
  tokens: number,
  squares: number,
): number => calls * perCall + tokens * perToken + squares * perTokenSquared;
