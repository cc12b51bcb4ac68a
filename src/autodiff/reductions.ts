/** Gradients of sums, means, log-sum-exp, softmax and T5's norm. */
import type { Graph, GraphNode, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { fixedDims, gradOf, inputOf, unbroadcast, type Vjp, type VjpContext } from './vjp.ts';

/** A reduction's value or gradient with the reduced axes kept as size 1: broadcasts against the input. */
function withAxes(g: Graph, context: VjpContext, value: Value): Value {
  const axes = reducedAxes(g, context.node);
  const dims = inputOf(context.node, 0).dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return value.dims.length === dims.length ? value : op.reshape(g, value, dims);
}

function reducedAxes(g: Graph, node: GraphNode): number[] {
  const rank = inputOf(node, 0).dims.length;
  const axes = node.inputs[1] && g.constants.get(node.inputs[1].name);
  if (!axes) throw new TypeError(`${node.op}: its axes must be a constant`);
  return Array.from(axes.data as BigInt64Array, (axis) => (Number(axis) + rank) % rank);
}

const reduceSum: Vjp = (g, context) => {
  const x = inputOf(context.node, 0);
  return [op.expand(g, withAxes(g, context, gradOf(context)), fixedDims(x)), undefined];
};

const reduceMean: Vjp = (g, context) => {
  const dims = fixedDims(inputOf(context.node, 0));
  const count = reducedAxes(g, context.node).reduce((size, axis) => size * dims[axis]!, 1);
  const grad = op.mul(g, withAxes(g, context, gradOf(context)), op.scalar(g, 1 / count));
  return [op.expand(g, grad, dims), undefined];
};

/** y = log Σ exp x: dx = dy · exp(x − y). */
const reduceLogSumExp: Vjp = (g, context) => {
  const x = inputOf(context.node, 0);
  const share = op.exp(g, op.sub(g, x, withAxes(g, context, context.node.outputs[0]!)));
  return [op.mul(g, share, withAxes(g, context, gradOf(context))), undefined];
};

/** p = softmax(x) over the last axis: dx = p ∘ (dp − Σ p ∘ dp). */
const softmax: Vjp = (g, context) => {
  const p = context.node.outputs[0]!;
  const weighted = op.mul(g, p, gradOf(context));
  const total = op.reduceSum(g, weighted, [-1], true);
  return [op.sub(g, weighted, op.mul(g, p, total))];
};

/**
 * y = x · r · w with r = (mean(x²) + ε)^−½: with h = dy ∘ w,
 * dx = r · (h − x · r² · mean(h ∘ x)), dw = Σ_rows dy ∘ x · r.
 * r is the node's second output where the builder asked for it, else computed again.
 */
const rmsNorm: Vjp = (g, context) => {
  const { node, needs } = context;
  const x = inputOf(node, 0);
  const w = inputOf(node, 1);
  const grad = gradOf(context);
  const r = node.outputs[1] ?? inverseRms(g, node, x);
  const normed = op.mul(g, x, r);
  const dw = needs[1] ? unbroadcast(g, op.mul(g, grad, normed), w.dims) : undefined;
  if (!needs[0]) return [undefined, dw];
  const h = op.mul(g, grad, w);
  const projection = op.reduceMean(g, op.mul(g, h, normed), [-1], true);
  const dx = op.mul(g, op.sub(g, h, op.mul(g, normed, projection)), r);
  return [dx, dw];
};

function inverseRms(g: Graph, node: GraphNode, x: Value): Value {
  const epsilon = node.attributes.epsilon;
  const eps = epsilon && 'float' in epsilon ? epsilon.float : 1e-5;
  const square = op.reduceMean(g, op.mul(g, x, x), [-1], true);
  return op.reciprocal(g, op.sqrt(g, op.add(g, square, op.scalar(g, eps))));
}

export const reductions: Readonly<Record<string, Vjp>> = {
  ReduceSum: reduceSum,
  ReduceMean: reduceMean,
  ReduceLogSumExp: reduceLogSumExp,
  Softmax: softmax,
  SimplifiedLayerNormalization: rmsNorm,
};
