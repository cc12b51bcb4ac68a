/** Gradients of ops that only move numbers about. */
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { positiveAxis } from '../onnx/shapes.ts';
import { float32 } from '../onnx/tensor.ts';
import { fixedDims, gradOf, inputOf, intOf, intsOf, unbroadcast, type Vjp } from './vjp.ts';

/** Reshape, Unsqueeze, Squeeze: the gradient in the input's shape. */
const reshaped: Vjp = (g, context) => {
  const dims = inputOf(context.node, 0).dims;
  return [op.reshape(g, gradOf(context), dims)];
};

const transpose: Vjp = (g, context) => {
  const perm = intsOf(context.node, 'perm');
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  return [op.transpose(g, gradOf(context), inverse)];
};

const expand: Vjp = (g, context) => [unbroadcast(g, gradOf(context), inputOf(context.node, 0).dims)];

const concat: Vjp = (g, context) => {
  const grad = gradOf(context);
  const axis = positiveAxis(intOf(context.node, 'axis', 0), grad.dims.length);
  const sizes = context.node.inputs.map((input) => fixedDims(input!)[axis]!);
  return g.node(
    'Split',
    [grad, op.shape(g, sizes)],
    context.node.inputs.map((input) => ({ dtype: grad.dtype, dims: input!.dims })),
    { axis: { int: axis } },
  );
};

const split: Vjp = (g, context) => {
  const axis = positiveAxis(intOf(context.node, 'axis', 0), inputOf(context.node, 0).dims.length);
  const grads = context.node.outputs.map(
    (output, i) => context.grads[i] ?? op.expand(g, op.reshape(g, op.scalar(g, 0), [1]), fixedDims(output)),
  );
  return [op.concat(g, grads, axis), undefined];
};

/**
 * y = table[indices] along an axis: rows of the gradient are added at their indices. As a product with
 * a one-hot matrix, whose sums have a fixed order (ScatterND's additions race between threads); for a
 * big table (an embedding) ask for the gradient of the gathered rows instead and add them outside.
 */
const gather: Vjp = (g, context) => {
  const grad = gradOf(context);
  const table = inputOf(context.node, 0);
  const indices = inputOf(context.node, 1);
  const axis = positiveAxis(intOf(context.node, 'axis', 0), table.dims.length);
  const size = fixedDims(table)[axis]!;
  const before = fixedDims(table).slice(0, axis);
  const after = fixedDims(table).slice(axis + 1);
  const count = product(fixedDims(indices));
  const hot = oneHot(g, op.reshape(g, indices, [count]), size);
  const rows = op.reshape(g, grad, [product(before), count, product(after)]);
  return [op.reshape(g, op.matmul(g, hot, rows), table.dims), undefined];
};

/** [size, count]: column c is 1 at row indices[c]. Negative indices count from the end. */
function oneHot(g: Graph, indices: Value, size: number): Value {
  const count = fixedDims(indices)[0]!;
  // onnxruntime has the kernel for int64 indices and fp32 values only.
  const values = g.sharedConstant('off_on', () => float32([2], [0, 1]));
  const hot = g.node1(
    'OneHot',
    [op.cast(g, indices, 'int64'), op.shape(g, [size]), values],
    { dtype: 'float32', dims: [size, count] },
    { axis: { int: 0 } },
  );
  return op.cast(g, hot, g.float);
}

const product = (dims: readonly number[]) => dims.reduce((size, dim) => size * dim, 1);

export const shapeOps: Readonly<Record<string, Vjp>> = {
  Reshape: reshaped,
  Unsqueeze: reshaped,
  Squeeze: reshaped,
  Transpose: transpose,
  Expand: expand,
  Concat: concat,
  Split: split,
  Gather: gather,
};
