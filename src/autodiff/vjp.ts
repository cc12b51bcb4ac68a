/**
 * The contract of one op's gradient: given the gradient of its outputs, append nodes that compute
 * the gradient of its inputs (a vector-Jacobian product).
 */
import type { Dim, Graph, GraphNode, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { broadcastAxes } from '../onnx/shapes.ts';

/** What a gradient function is given: the node, the gradients of its outputs, and what is asked. */
export interface VjpContext {
  readonly node: GraphNode;
  /** Gradient of each output; `undefined` when nothing downstream used that output. */
  readonly grads: readonly (Value | undefined)[];
  /** Which inputs need a gradient; the others may be skipped. */
  readonly needs: readonly boolean[];
}

/** Gradients of the node's inputs, in order; `undefined` where none is needed. */
export type Vjp = (g: Graph, context: VjpContext) => (Value | undefined)[];

/** The input at `index`, which must be there. */
export function inputOf(node: GraphNode, index: number): Value {
  const value = node.inputs[index];
  if (!value) throw new TypeError(`${node.op}: input ${index} is missing`);
  return value;
}

/** The gradient of the first output, for ops that have only one. */
export function gradOf({ node, grads }: VjpContext): Value {
  const grad = grads[0];
  if (!grad) throw new TypeError(`${node.op}: only its first output can be differentiated`);
  return grad;
}

/** Integers of an attribute. */
export function intsOf(node: GraphNode, name: string): readonly number[] {
  const attribute = node.attributes[name];
  if (!attribute || !('ints' in attribute)) throw new TypeError(`${node.op}: no attribute ${name}`);
  return attribute.ints;
}

/** Integer attribute with ONNX's default. */
export function intOf(node: GraphNode, name: string, fallback: number): number {
  const attribute = node.attributes[name];
  return attribute && 'int' in attribute ? attribute.int : fallback;
}

/** Fixed dimensions; a gradient through a shape op needs numbers. */
export function fixedDims(value: Value): number[] {
  return value.dims.map((dim) => {
    if (typeof dim !== 'number') {
      throw new TypeError(`${value.name}: dimension ${dim} is not fixed; build training graphs with numbers`);
    }
    return dim;
  });
}

/** Sums a gradient over the axes along which a value of shape `dims` was broadcast. */
export function unbroadcast(g: Graph, grad: Value, dims: readonly Dim[]): Value {
  const axes = broadcastAxes(dims, grad.dims);
  if (axes.length === 0) return grad;
  if (axes.length > 0 && axes.every((axis, i) => axis === i)) return sumLeading(g, grad, axes.length, dims);
  const kept = op.reduceSum(g, grad, axes, true);
  return kept.dims.length === dims.length ? kept : op.reshape(g, kept, dims);
}

/**
 * Sum over the first `count` axes as a product with a row of ones: several times faster than
 * onnxruntime's reduction over leading axes.
 */
function sumLeading(g: Graph, grad: Value, count: number, dims: readonly Dim[]): Value {
  const sizes = fixedDims(grad);
  const rows = sizes.slice(0, count).reduce((size, dim) => size * dim, 1);
  const columns = sizes.slice(count).reduce((size, dim) => size * dim, 1);
  const ones = g.sharedConstant(`ones_${rows}_${g.float}`, () =>
    op.floats(g, [1, rows], new Array<number>(rows).fill(1)),
  );
  return op.reshape(g, op.matmul(g, ones, op.reshape(g, grad, [rows, columns])), dims);
}
