/** Gradients of matrix products. */
import type { Dim, Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { matmulDims } from '../onnx/shapes.ts';
import { gradOf, inputOf, intOf, unbroadcast, type Vjp } from './vjp.ts';

const flipped = (dims: readonly Dim[]): Dim[] => [...dims.slice(0, -2), dims.at(-1)!, dims.at(-2)!];

/**
 * op(a) @ op(b) over the last two axes. In fp32 the transposes are read by onnxruntime's FusedMatMul
 * instead of being written out; the fp64 twin has no such kernel.
 */
function product(g: Graph, a: Value, b: Value, transA: boolean, transB: boolean): Value {
  if (g.float === 'float64') {
    const flip = (x: Value, yes: boolean) =>
      yes ? op.transpose(g, x, flipped(x.dims.map((_, i) => i)) as number[]) : x;
    return op.matmul(g, flip(a, transA), flip(b, transB));
  }
  const dims = matmulDims(transA ? flipped(a.dims) : a.dims, transB ? flipped(b.dims) : b.dims);
  const attributes = { transA: { int: transA ? 1 : 0 }, transB: { int: transB ? 1 : 0 } };
  return g.node1('FusedMatMul', [a, b], { dtype: a.dtype, dims }, attributes, 'com.microsoft');
}

/** c = a @ b: da = dc bᵀ, db = aᵀ dc, summed over broadcast leading axes. */
const matmul: Vjp = (g, context) => {
  const grad = gradOf(context);
  const a = inputOf(context.node, 0);
  const b = inputOf(context.node, 1);
  return [
    context.needs[0] ? unbroadcast(g, product(g, grad, b, false, true), a.dims) : undefined,
    context.needs[1] ? unbroadcast(g, product(g, a, grad, true, false), b.dims) : undefined,
  ];
};

/** c = op(a) op(b) in two dimensions, without the optional third input (ops.ts builds none). */
const gemm: Vjp = (g, context) => {
  const { node, needs } = context;
  const grad = gradOf(context);
  const a = inputOf(node, 0);
  const b = inputOf(node, 1);
  const transA = intOf(node, 'transA', 0) === 1;
  const transB = intOf(node, 'transB', 0) === 1;
  const da = () =>
    transA ? op.gemm(g, b, grad, { transA: transB, transB: true }) : op.gemm(g, grad, b, { transB: !transB });
  const db = () =>
    transB ? op.gemm(g, grad, a, { transA: true, transB: transA }) : op.gemm(g, a, grad, { transA: !transA });
  return [needs[0] ? da() : undefined, needs[1] ? db() : undefined];
};

export const products: Readonly<Record<string, Vjp>> = { MatMul: matmul, Gemm: gemm };
