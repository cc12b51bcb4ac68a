/** Hugging Face's parameter names of T5ForConditionalGeneration, with their shapes. */
import type { T5Config } from './config.ts';

export const SHARED = 'shared.weight';
export const HEAD = 'lm_head.weight';

export type Stack = 'encoder' | 'decoder';
export type AttentionKind = 'SelfAttention' | 'EncDecAttention';

const ATTENTION_LAYER: Record<AttentionKind, number> = { SelfAttention: 0, EncDecAttention: 1 };

export const attentionName = (
  stack: Stack,
  block: number,
  kind: AttentionKind,
  part: 'q' | 'k' | 'v' | 'o',
) => `${stack}.block.${block}.layer.${ATTENTION_LAYER[kind]}.${kind}.${part}.weight`;

export const attentionNorm = (stack: Stack, block: number, kind: AttentionKind) =>
  `${stack}.block.${block}.layer.${ATTENTION_LAYER[kind]}.layer_norm.weight`;

const feedForwardLayer = (stack: Stack) => (stack === 'encoder' ? 1 : 2);

export const feedForwardName = (stack: Stack, block: number, part: 'wi' | 'wi_0' | 'wi_1' | 'wo') =>
  `${stack}.block.${block}.layer.${feedForwardLayer(stack)}.DenseReluDense.${part}.weight`;

export const feedForwardNorm = (stack: Stack, block: number) =>
  `${stack}.block.${block}.layer.${feedForwardLayer(stack)}.layer_norm.weight`;

/** Only block 0 of a stack holds the relative attention bias; all its blocks use it. */
export const relativeBiasName = (stack: Stack) =>
  `${stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`;

export const finalNorm = (stack: Stack) => `${stack}.final_layer_norm.weight`;

/** Every parameter with its shape, in the order Hugging Face lists them. */
export function parameterShapes(config: T5Config): Map<string, readonly number[]> {
  const { dModel, dKv, dFf, numHeads, vocabSize, buckets } = config;
  const inner = numHeads * dKv;
  const shapes = new Map<string, readonly number[]>([[SHARED, [vocabSize, dModel]]]);
  const attention = (stack: Stack, block: number, kind: AttentionKind) => {
    for (const part of ['q', 'k', 'v'] as const)
      shapes.set(attentionName(stack, block, kind, part), [inner, dModel]);
    shapes.set(attentionName(stack, block, kind, 'o'), [dModel, inner]);
    if (block === 0 && kind === 'SelfAttention') shapes.set(relativeBiasName(stack), [buckets, numHeads]);
    shapes.set(attentionNorm(stack, block, kind), [dModel]);
  };
  for (const stack of ['encoder', 'decoder'] as const) {
    const blocks = stack === 'encoder' ? config.encoderLayers : config.decoderLayers;
    for (let block = 0; block < blocks; block++) {
      attention(stack, block, 'SelfAttention');
      if (stack === 'decoder') attention(stack, block, 'EncDecAttention');
      for (const part of config.gated ? (['wi_0', 'wi_1'] as const) : (['wi'] as const)) {
        shapes.set(feedForwardName(stack, block, part), [dFf, dModel]);
      }
      shapes.set(feedForwardName(stack, block, 'wo'), [dModel, dFf]);
      shapes.set(feedForwardNorm(stack, block), [dModel]);
    }
    shapes.set(finalNorm(stack), [dModel]);
  }
  if (!config.tiedHead) shapes.set(HEAD, [vocabSize, dModel]);
  return shapes;
}
