/**
 * Operations of an encoder with a classification head, from its config.json, counted as a T5's are (src/t5/flops.ts). Only
 * for families whose layers are BERT's: DeBERTa's attention has more terms, and ModernBERT's is local in most layers.
 */
import { isCount } from '../json-checks.ts';
import type { CallCost } from '../t5/flops.ts';

const BERT_LIKE = ['bert', 'roberta', 'xlm-roberta', 'camembert', 'electra', 'mpnet'];

/** Undefined where the layers are of another kind, or the config lacks their dimensions. */
export function encoderCost(config: Readonly<Record<string, unknown>>): CallCost | undefined {
  const { model_type, hidden_size: width, intermediate_size: inner, num_hidden_layers: layers } = config;
  if (typeof model_type !== 'string' || !BERT_LIKE.includes(model_type)) return undefined;
  if (!isCount(width) || !isCount(inner) || !isCount(layers)) return undefined;
  return {
    // The first token's vector through one square matrix; the labels' own are too few to count.
    perCall: 2 * width ** 2,
    perToken: layers * (8 * width ** 2 + 4 * width * inner),
    perTokenSquared: layers * 4 * width,
  };
}
