/**
 * ONNX operators as typed functions: each adds one node and returns its output with the inferred
 * shape. Only what T5, its gradients and its quantised forms need.
 */
import type { Dim, Graph, Value } from './graph.ts';
import { broadcast, matmulDims, positiveAxis, showDims } from './shapes.ts';
import { type DType, float32, int32, int64, type TensorData, tensor } from './tensor.ts';

// ---- constants ------------------------------------------------------------------------------

/** A scalar of the graph's float type, shared by value. */
export function scalar(g: Graph, value: number): Value {
  return g.sharedConstant(`scalar_${g.float}_${value}`, () => floats(g, [], [value]));
}

/** A float constant of the graph's float type. */
export function floats(g: Graph, dims: readonly number[], values: readonly number[]): TensorData {
  return g.float === 'float64' ? tensor('float64', dims, Float64Array.from(values)) : float32(dims, values);
}

/** A 1-D int64 constant (shapes, axes), shared by value. */
export function shape(g: Graph, values: readonly number[]): Value {
  return g.sharedConstant(`i64_${values.join('_')}`, () => int64([values.length], values));
}

export function intScalar(g: Graph, value: number): Value {
  return g.sharedConstant(`i32_scalar_${value}`, () => int32([], [value]));
}

// ---- elementwise ----------------------------------------------------------------------------

function binary(op: string) {
  return (g: Graph, a: Value, b: Value): Value => {
    if (a.dtype !== b.dtype) throw new TypeError(`${op}: ${a.name} is ${a.dtype}, ${b.name} is ${b.dtype}`);
    return g.node1(op, [a, b], { dtype: a.dtype, dims: broadcast(a.dims, b.dims) });
  };
}
export const add = binary('Add');
export const sub = binary('Sub');
export const mul = binary('Mul');
export const div = binary('Div');
export const min = binary('Min');
export const max = binary('Max');

function unary(op: string) {
  return (g: Graph, x: Value): Value => g.node1(op, [x], { dtype: x.dtype, dims: x.dims });
}
export const neg = unary('Neg');
export const exp = unary('Exp');
export const log = unary('Log');
export const sqrt = unary('Sqrt');
export const abs = unary('Abs');
export const relu = unary('Relu');
export const sigmoid = unary('Sigmoid');
export const softplus = unary('Softplus');
export const tanh = unary('Tanh');
export const reciprocal = unary('Reciprocal');
export const identity = unary('Identity');

export function cast(g: Graph, x: Value, to: DType): Value {
  if (x.dtype === to) return x;
  return g.node1('Cast', [x], { dtype: to, dims: x.dims }, { to: { int: ONNX_TYPE[to] } });
}

/** ONNX's numbers for element types (TensorProto.DataType). */
export const ONNX_TYPE: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

// ---- products -------------------------------------------------------------------------------

/** a @ b, leading dimensions broadcast. */
export function matmul(g: Graph, a: Value, b: Value): Value {
  return g.node1('MatMul', [a, b], { dtype: a.dtype, dims: matmulDims(a.dims, b.dims) });
}

/** 2-D product op(a) @ op(b) (+ nothing), op = transpose where asked. */
export function gemm(g: Graph, a: Value, b: Value, { transA = false, transB = false } = {}): Value {
  const flip = (dims: readonly Dim[], yes: boolean) => (yes ? [dims[1]!, dims[0]!] : dims);
  const dims = matmulDims(flip(a.dims, transA), flip(b.dims, transB));
  const attributes = { transA: { int: transA ? 1 : 0 }, transB: { int: transB ? 1 : 0 } };
  return g.node1('Gemm', [a, b], { dtype: a.dtype, dims }, attributes);
}

/** uint8 [..., n] (around `zeroPoint`) @ int8 [n, m], each column times its scale [m] → float32. */
export function matmulIntegerToFloat(
  g: Graph,
  a: Value,
  b: Value,
  columnScale: Value,
  zeroPoint: number,
): Value {
  const inputs = [a, b, scalar(g, 1), columnScale, uint8Scalar(g, zeroPoint)];
  const output = { dtype: 'float32', dims: matmulDims(a.dims, b.dims) } as const;
  return g.node1('MatMulIntegerToFloat', inputs, output, {}, 'com.microsoft');
}

/** Rounds half to even, adds `zeroPoint`, and keeps within 0 … 255. */
export function toUint8(g: Graph, x: Value, zeroPoint: number): Value {
  const inputs = [x, scalar(g, 1), uint8Scalar(g, zeroPoint)];
  return g.node1('QuantizeLinear', inputs, { dtype: 'uint8', dims: x.dims });
}

function uint8Scalar(g: Graph, value: number): Value {
  return g.sharedConstant(`u8_${value}`, () => tensor('uint8', [], Uint8Array.of(value)));
}

// ---- shape ----------------------------------------------------------------------------------

/**
 * Reshape. A symbol may stay where it stands; at most one other dimension may be a symbol
 * (it is then computed by the runtime).
 */
export function reshape(g: Graph, x: Value, dims: readonly Dim[]): Value {
  const target = dims.map((dim, i) => (typeof dim === 'number' ? dim : dim === x.dims[i] ? 0 : -1));
  if (target.filter((dim) => dim === -1).length > 1) {
    throw new RangeError(`cannot reshape ${showDims(x.dims)} to ${showDims(dims)}: two unknown dimensions`);
  }
  return g.node1('Reshape', [x, shape(g, target)], { dtype: x.dtype, dims });
}

export function transpose(g: Graph, x: Value, perm: readonly number[]): Value {
  const dims = perm.map((axis) => x.dims[axis]!);
  return g.node1('Transpose', [x], { dtype: x.dtype, dims }, { perm: { ints: perm } });
}

/** Adds dimensions of size 1 so that they stand at `axes` of the result. */
export function unsqueeze(g: Graph, x: Value, axes: readonly number[]): Value {
  const dims = [...x.dims];
  for (const axis of [...axes].sort((p, q) => p - q)) dims.splice(axis, 0, 1);
  return g.node1('Unsqueeze', [x, shape(g, axes)], { dtype: x.dtype, dims });
}

export function squeeze(g: Graph, x: Value, axes: readonly number[]): Value {
  const gone = new Set(axes.map((axis) => positiveAxis(axis, x.dims.length)));
  const dims = x.dims.filter((_, axis) => !gone.has(axis));
  return g.node1('Squeeze', [x, shape(g, [...gone])], { dtype: x.dtype, dims });
}

/** Rows of `table` by index along `axis` (default 0). */
export function gather(g: Graph, table: Value, indices: Value, axis = 0): Value {
  const dims = [...table.dims.slice(0, axis), ...indices.dims, ...table.dims.slice(axis + 1)];
  return g.node1('Gather', [table, indices], { dtype: table.dtype, dims }, { axis: { int: axis } });
}

/** Splits the last axis into parts of the given sizes. */
export function splitLast(g: Graph, x: Value, sizes: readonly number[]): Value[] {
  const lead = x.dims.slice(0, -1);
  return g.node(
    'Split',
    [x, shape(g, sizes)],
    sizes.map((size) => ({ dtype: x.dtype, dims: [...lead, size] })),
    { axis: { int: -1 } },
  );
}

export function concat(g: Graph, parts: readonly Value[], axis: number): Value {
  const at = positiveAxis(axis, parts[0]!.dims.length);
  const sizes = parts.map((part) => part.dims[at]!);
  const total = sizes.every((size) => typeof size === 'number')
    ? (sizes as number[]).reduce((sum, size) => sum + size, 0)
    : sizes.join('+');
  const dims = parts[0]!.dims.map((dim, i) => (i === at ? total : dim));
  return g.node1('Concat', parts, { dtype: parts[0]!.dtype, dims }, { axis: { int: axis } });
}

export function expand(g: Graph, x: Value, dims: readonly number[]): Value {
  return g.node1('Expand', [x, shape(g, dims)], { dtype: x.dtype, dims: broadcast(x.dims, dims) });
}

/** The size of one axis as a 1-D int64 tensor of length 1. */
export function dimOf(g: Graph, x: Value, axis: number): Value {
  const attributes = { start: { int: axis }, end: { int: axis + 1 } };
  return g.node1('Shape', [x], { dtype: 'int64', dims: [1] }, attributes);
}

/** 0 … n−1 as int32, n given as a 1-D int64 tensor of length 1. */
export function range(g: Graph, n: Value, symbol: Dim): Value {
  const limit = cast(g, squeeze(g, n, [0]), 'int32');
  return g.node1('Range', [intScalar(g, 0), limit, intScalar(g, 1)], { dtype: 'int32', dims: [symbol] });
}

// ---- reductions and normalisation -----------------------------------------------------------

function reduction(op: string) {
  return (g: Graph, x: Value, axes: readonly number[], keep = true): Value => {
    const gone = new Set(axes.map((axis) => positiveAxis(axis, x.dims.length)));
    const dims = keep
      ? x.dims.map((dim, axis) => (gone.has(axis) ? 1 : dim))
      : x.dims.filter((_, axis) => !gone.has(axis));
    return g.node1(
      op,
      [x, shape(g, [...gone])],
      { dtype: x.dtype, dims },
      { keepdims: { int: keep ? 1 : 0 } },
    );
  };
}
export const reduceSum = reduction('ReduceSum');
export const reduceMean = reduction('ReduceMean');
export const reduceMax = reduction('ReduceMax');
export const reduceLogSumExp = reduction('ReduceLogSumExp');

/** Softmax over the last axis. */
export function softmax(g: Graph, x: Value): Value {
  return g.node1('Softmax', [x], { dtype: x.dtype, dims: x.dims }, { axis: { int: -1 } });
}

/** Root-mean-square norm with weight: x / sqrt(mean(x²) + eps) · w over the last axis (T5's layer norm). */
export function rmsNorm(g: Graph, x: Value, weight: Value, epsilon: number): Value {
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon }, stash_type: { int: 1 } };
  return g.node1('SimplifiedLayerNormalization', [x, weight], { dtype: x.dtype, dims: x.dims }, attributes);
}

/**
 * gelu_new, the tanh form that T5 v1.1 uses: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).
 * onnxruntime's fused kernel exists for fp32 only; the fp64 twin uses ONNX's own Gelu.
 */
export function gelu(g: Graph, x: Value): Value {
  const output = { dtype: x.dtype, dims: x.dims };
  if (x.dtype === 'float32') return g.node1('FastGelu', [x], output, {}, 'com.microsoft');
  return g.node1('Gelu', [x], output, { approximate: { string: 'tanh' } });
}
