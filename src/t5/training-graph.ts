/**
 * One training step of a T5 ranker as a graph: token ids and targets in; loss, logits and the
 * gradient of every parameter out. Batch size and length are fixed, so build one per shape.
 */
import { gradients } from '../autodiff/gradients.ts';
import { type FloatType, Graph, type Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { int32 } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import { type DropoutSite, dropout } from './dropout.ts';
import { t5Scorer } from './forward.ts';
import { labelScore, linear, listwise, logistic, rankNet } from './loss.ts';
import { trainingParts } from './training-parts.ts';

export type LossKind = 'ranknet' | 'listwise' | 'logistic' | 'linear';

export interface TrainingShape {
  /** Rows of a step; lists × listSize. */
  readonly rows: number;
  readonly length: number;
  /** Start token first. */
  readonly decoderIds: readonly number[];
  readonly labelIds: readonly number[];
  /** The score of a row: Σ labelWeights[k] · logit k. */
  readonly labelWeights: readonly number[];
  readonly loss: LossKind;
  /** Passages per list; not used by 'logistic' and 'linear'. */
  readonly listSize: number;
  readonly float?: FloatType;
  /** Share of values that are dropped (dropout.ts); absent or 0: none, and no inputs for it. */
  readonly dropout?: number;
}

/** A gradient output: of a whole parameter, or of rows gathered from one at `ids`. */
export type GradientOutput =
  | { readonly output: string; readonly parameter: string }
  | { readonly output: string; readonly parameter: string; readonly ids: 'input_ids' | readonly number[] };

export interface TrainingGraph {
  readonly graph: Graph;
  readonly gradients: readonly GradientOutput[];
  /** Dimensions of the fed target. */
  readonly targetDims: readonly number[];
  /** Inputs that say what is dropped. */
  readonly dropoutSites: readonly DropoutSite[];
}

/** Names of the graph's own inputs and outputs (parameters are inputs under their own names). */
export const TRAINING_IO = {
  ids: 'input_ids',
  mask: 'attention_mask',
  target: 'target',
  loss: 'loss',
  scores: 'scores',
} as const;

/** Builds the step; `withGradients: false` leaves the loss and scores only. */
export function trainingGraph(config: T5Config, shape: TrainingShape, withGradients = true): TrainingGraph {
  const g = new Graph({ float: shape.float ?? 'float32' });
  const { rows, length, listSize } = shape;
  const inputIds = g.input(TRAINING_IO.ids, 'int32', [rows, length]);
  const attentionMask = g.input(TRAINING_IO.mask, 'int32', [rows, length]);
  const targetDims = dimsOfTarget(shape);
  const target = g.input(TRAINING_IO.target, g.float, targetDims);
  const decoderIds = g.constant('decoder_ids', int32([shape.decoderIds.length], shape.decoderIds));
  const labelIds = g.constant('label_ids', int32([shape.labelIds.length], shape.labelIds));

  const parts = trainingParts(g, config);
  const { drop, sites: dropoutSites } = dropout(g, shape.dropout ?? 0, rows);
  const { logits } = t5Scorer(g, config, shape.dropout ? { ...parts, drop } : parts, {
    inputIds,
    attentionMask,
    decoderIds,
    labelIds,
  });
  const flat = labelScore(g, logits, shape.labelWeights);
  const scores = byRow(shape.loss) ? flat : op.reshape(g, flat, [rows / listSize, listSize]);
  const loss = lossOf(g, shape.loss, scores, target);

  g.output(loss, TRAINING_IO.loss);
  g.output(flat, TRAINING_IO.scores);
  if (!withGradients) return { graph: g, gradients: [], targetDims, dropoutSites };

  const embeddings = new Set(parts.gathered.map(({ parameter }) => parameter));
  const dense = [...parts.inputs].filter(([name]) => !embeddings.has(name));
  const wrt = [...dense.map(([, value]) => value), ...parts.gathered.map((site) => site.rows)];
  const grads = gradients(g, loss, wrt);
  const outputs: GradientOutput[] = dense.map(([parameter], i) => ({
    output: g.output(grads[i]!, `grad.${parameter}`).name,
    parameter,
  }));
  for (const [i, site] of parts.gathered.entries()) {
    const ids = site.ids === inputIds ? 'input_ids' : constantIds(g, site.ids);
    const output = g.output(grads[dense.length + i]!, `rows.${i}`).name;
    outputs.push({ output, parameter: site.parameter, ids });
  }
  return { graph: g, gradients: outputs, targetDims, dropoutSites };
}

/** Losses whose target has one number a row. */
const byRow = (kind: LossKind) => kind === 'logistic' || kind === 'linear';

function dimsOfTarget({ loss, rows, listSize }: TrainingShape): number[] {
  if (byRow(loss)) return [rows];
  if (rows % listSize !== 0)
    throw new RangeError(`${rows} rows are not a whole number of lists of ${listSize}`);
  return loss === 'ranknet' ? [rows / listSize, listSize, listSize] : [rows / listSize, listSize];
}

function lossOf(g: Graph, kind: LossKind, scores: Value, target: Value): Value {
  if (kind === 'ranknet') return rankNet(g, scores, target);
  if (kind === 'listwise') return listwise(g, scores, target);
  return kind === 'linear' ? linear(g, scores, target) : logistic(g, scores, target);
}

function constantIds(g: Graph, ids: Value): number[] {
  const data = g.constants.get(ids.name)?.data;
  if (!(data instanceof Int32Array)) throw new TypeError(`${ids.name}: gathered ids must be fed or constant`);
  return [...data];
}
