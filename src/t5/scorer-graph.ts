/**
 * The fused scorer: one ONNX graph from token ids to label logits, in the dtype asked for.
 *
 * Inputs  `input_ids` [B, L] int32, `attention_mask` [B, L] int32, `decoder_input_ids` [P] int32
 *         (start token first), `label_ids` [K] int32, `want_log_sum_exp` [] bool.
 * Outputs `logits` [B, K] fp32, `log_sum_exp` [B] fp32 over the whole vocabulary (zeros unless asked).
 */
import { encodeModel } from '../onnx/encode.ts';
import { Graph, type Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { int32 } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import { blockForm, fp32Form, int8Form, type NarrowSide } from './forms.ts';
import { type ScorerInputs, t5Scorer } from './forward.ts';
import {
  inferenceParts,
  type MatrixForm,
  type RowTable,
  type WeightSource,
  weightsInMemory,
} from './parts.ts';
import type { T5Model } from './weights.ts';

export type ScorerDtype = 'fp32' | 'int8' | 'q8' | 'q4';

export interface ScorerOptions {
  /** int8 only: the side with 7 bits. */
  readonly narrow?: NarrowSide;
}

export function formOf(dtype: ScorerDtype, narrow: NarrowSide): MatrixForm {
  switch (dtype) {
    case 'fp32':
      return fp32Form;
    case 'int8':
      return int8Form(narrow);
    case 'q8':
      return blockForm(8);
    case 'q4':
      return blockForm(4);
  }
}

/** The scorer's bytes as an ONNX file. */
export function buildScorer(
  model: T5Model,
  dtype: ScorerDtype,
  { narrow = 'weights' }: ScorerOptions = {},
): Uint8Array<ArrayBuffer> {
  const graph = scorerGraph(model.config, weightsInMemory(model.weights), dtype, { narrow });
  return encodeModel(graph, scorerMetadata(dtype, narrow));
}

/** What a scorer file says of itself. */
export function scorerMetadata(dtype: ScorerDtype, narrow: NarrowSide): Record<string, string> {
  const metadata = { 'rankscope.scorer': '1', 'rankscope.dtype': dtype };
  return dtype === 'int8' ? { ...metadata, 'rankscope.narrow': narrow } : metadata;
}

export function scorerGraph(
  config: T5Config,
  weights: WeightSource,
  dtype: ScorerDtype,
  { narrow = 'weights' }: ScorerOptions = {},
): Graph {
  const g = new Graph();
  const inputs: ScorerInputs = {
    inputIds: g.input('input_ids', 'int32', ['B', 'L']),
    attentionMask: g.input('attention_mask', 'int32', ['B', 'L']),
    decoderIds: g.input('decoder_input_ids', 'int32', ['P']),
    labelIds: g.input('label_ids', 'int32', ['K']),
  };
  const wanted = g.input('want_log_sum_exp', 'bool', []);
  const parts = inferenceParts(g, config, weights, formOf(dtype, narrow));
  const { logits, state } = t5Scorer(g, config, parts, inputs);
  g.output(logits, 'logits');
  g.output(logSumExp(g, state, wanted, config.vocabSize, parts.head), 'log_sum_exp');
  return g;
}

/** The whole vocabulary costs more than the rest of a small model: computed only when asked for. */
function logSumExp(g: Graph, state: Value, wanted: Value, vocabSize: number, head: RowTable): Value {
  const yes = new Graph({ parent: g });
  const everyId = yes.constant(
    'vocabulary',
    int32(
      [vocabSize],
      Int32Array.from({ length: vocabSize }, (_, i) => i),
    ),
  );
  // `wanted` is 1 in this branch: adding (wanted − 1) keeps the runtime from unpacking a quantised
  // head to fp32 once and for all when it folds constants.
  const nothing = op.sub(yes, op.cast(yes, wanted, 'int32'), op.intScalar(yes, 1));
  const rows = head(yes, op.add(yes, everyId, nothing));
  const all = op.gemm(yes, state, rows, { transB: true });
  yes.output(op.reduceLogSumExp(yes, all, [-1], false));

  const no = new Graph({ parent: g });
  no.output(op.mul(no, op.reduceMean(no, state, [-1], false), op.scalar(no, 0)));

  const attributes = { then_branch: { graph: yes }, else_branch: { graph: no } };
  return g.node1('If', [wanted], { dtype: 'float32', dims: [state.dims[0]!] }, attributes);
}
