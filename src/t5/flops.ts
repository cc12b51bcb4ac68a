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

/** The same for a text of m tokens that is judged, or written, after a prompt of n: sums over calls need sums of these. */
export interface TextCost {
  readonly perToken: number;
  readonly perTokenSquared: number;
  readonly perOutput: number;
  readonly perOutputSquared: number;
  readonly perTokenOutput: number;
}

/**
 * Of one call with an input of n tokens and `positions` of the decoder (1: the label alone; more with a decoder prefix),
 * the whole vocabulary's logits at the last one, as the published figures count them; this page's own scorer computes
 * those of the labels alone.
 */
export function callCost(shape: T5Shape, positions: number): CallCost {
  const { perToken, perTokenSquared, perOutput, perOutputSquared, perTokenOutput } = textCost(shape);
  return {
    perCall: positions * perOutput + positions ** 2 * perOutputSquared - (positions - 1) * logits(shape),
    perToken: perToken + positions * perTokenOutput,
    perTokenSquared,
  };
}

/**
 * Of one text: one pass over the prompt and one over each token of the text, whose keys and values are kept, with the
 * whole vocabulary's logits at each. Judging a given text takes as many operations as writing it does.
 */
export function textCost(shape: T5Shape): TextCost {
  const { dModel, dKv, dFf, numHeads, encoderLayers, decoderLayers, gated } = shape;
  const inner = dKv * numHeads;
  /** Query, key, value and output, a token. */
  const projections = 8 * dModel * inner;
  const feedForward = 2 * (gated ? 3 : 2) * dModel * dFf;
  /** Scores and the weighted sum, a pair of tokens. */
  const pair = 4 * inner;
  const crossKeys = 4 * dModel * inner;
  const crossQueries = 4 * dModel * inner;
  return {
    // Keys and values of the input, once for each layer of the decoder; its attention over the input is below.
    perToken: encoderLayers * (projections + feedForward) + decoderLayers * crossKeys,
    perTokenSquared: encoderLayers * pair,
    // The k-th token attends to k of the text: m (m + 1) / 2 pairs.
    perOutput: decoderLayers * (projections + crossQueries + feedForward + pair / 2) + logits(shape),
    perOutputSquared: (decoderLayers * pair) / 2,
    perTokenOutput: decoderLayers * pair,
  };
}

const logits = ({ dModel, vocabSize }: T5Shape): number => 2 * dModel * vocabSize;

/** Operations of many calls. @param tokens all together @param squares the sum of their squares */
export const totalFlops = (
  { perCall, perToken, perTokenSquared }: CallCost,
  calls: number,
  tokens: number,
  squares: number,
): number => calls * perCall + tokens * perToken + squares * perTokenSquared;

/** Sums over texts that were judged or written. */
export interface TextSizes {
  /** Of their tokens. */
  readonly outputs: number;
  readonly outputSquares: number;
  /** Of each prompt's tokens times its text's. */
  readonly tokenOutputs: number;
}

/** Operations of many texts. @param tokens of all prompts together @param squares the sum of their squares */
export const totalTextFlops = (cost: TextCost, tokens: number, squares: number, texts: TextSizes): number =>
  tokens * cost.perToken +
  squares * cost.perTokenSquared +
  texts.outputs * cost.perOutput +
  texts.outputSquares * cost.perOutputSquared +
  texts.tokenOutputs * cost.perTokenOutput;
