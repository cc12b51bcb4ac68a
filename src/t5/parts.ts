/**
 * T5Parts for inference: weights become constants of the graph, in the form a dtype asks for.
 * What all dtypes share is here; how a matrix is applied and how embedding rows are fetched differs
 * (`MatrixForm`).
 */
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { type ArrayOf, type DType, float32, int32, type TensorData, tensor } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import type { T5Parts } from './forward.ts';
import { HEAD, relativeBiasName, SHARED, type Stack } from './names.ts';
import { biasTable, reach } from './relative-position.ts';
import type { WeightMap } from './weights.ts';

/** A constant's name, as a hint, and its shape. */
export interface ConstantShape {
  readonly hint: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/** What a form makes of a matrix' numbers [out × in]: one array for each of its constants. */
export type MakeConstants = (data: Float32Array) => readonly ArrayOf[DType][];

/** Numbers that are read when the graph stands. */
export interface LaterData {
  /** Adds pending constants that `make` will give their numbers. */
  later(g: Graph, shapes: readonly ConstantShape[], make: MakeConstants): Value[];
}

/** A stack of [out × in] matrices that share their input. */
export interface Matrix {
  readonly name: string;
  /** [out × in], row-major. */
  readonly data: Float32Array | LaterData;
  readonly rows: number;
  readonly columns: number;
}

/** Adds the constants of a matrix to the graph: with their numbers, or pending where those are read later. */
export function matrixConstants(
  g: Graph,
  { data }: Matrix,
  shapes: readonly ConstantShape[],
  make: MakeConstants,
): Value[] {
  if (!(data instanceof Float32Array)) return data.later(g, shapes, make);
  const made = make(data);
  return shapes.map(({ hint, dtype, dims }, i) => g.constant(hint, tensor(dtype, dims, made[i]!)));
}

/** Where the graph gets weights from. */
export interface WeightSource {
  /** Vectors and the relative bias: always at hand. */
  small(name: string): TensorData<'float32'>;
  /** One matrix, or several on one input, one above the other. */
  matrix(names: readonly string[]): Matrix;
}

/** Weights in memory. */
export function weightsInMemory(weights: WeightMap): WeightSource {
  return {
    small: (name) => weights.get(name)!,
    matrix(names) {
      const parts = names.map((name) => weights.get(name)!);
      const columns = parts[0]!.dims[1]!;
      const rows = parts.reduce((sum, { dims }) => sum + dims[0]!, 0);
      return { name: names[0]!, data: stacked(parts.map(({ data }) => data)), rows, columns };
    },
  };
}

/** Matrices of as many columns, one above the other. */
export function stacked(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

/** How one dtype stores and applies matrices. */
export interface MatrixForm {
  /** x [..., in] → [..., out]. */
  apply(g: Graph, x: Value, matrix: Matrix): Value;
  /** Stores a table whose rows can be fetched by id. */
  table(g: Graph, matrix: Matrix): RowTable;
}

/** Fetches rows by id, ids [...] → [..., columns] in fp32, with nodes added to `at` (the graph or a branch of it). */
export interface RowTable {
  (at: Graph, ids: Value): Value;
  /** x [..., columns] times all rows, [..., rows], from the same constants; absent: by way of all rows in fp32. */
  product?(g: Graph, x: Value): Value;
}

export interface InferenceParts extends T5Parts {
  /** Rows of the output head by token id. */
  readonly head: RowTable;
  /** Logits of the whole vocabulary: x [..., d_model] → [..., vocabulary]. */
  headProduct(x: Value): Value;
  /** As `relativeBias`, between any positions (int32, one axis each): [1, heads, queries, keys]. */
  biasBetween(stack: Stack, queries: Value, keys: Value): Value;
}

export function inferenceParts(
  g: Graph,
  config: T5Config,
  weights: WeightSource,
  form: MatrixForm,
): InferenceParts {
  const { small } = weights;
  const embedding = form.table(g, weights.matrix([SHARED]));
  const head = config.tiedHead ? embedding : form.table(g, weights.matrix([HEAD]));
  return {
    head,
    embed: (ids) => embedding(g, ids),
    headRows: (ids) => head(g, ids),
    linears(x, names) {
      const product = form.apply(g, x, weights.matrix(names));
      if (names.length === 1) return [product];
      const rows = names.map((name) => weights.matrix([name]).rows);
      return op.splitLast(g, product, rows);
    },
    byHead(name) {
      const whole = weights.matrix([name]);
      const heads = config.numHeads;
      const ids = Int32Array.from({ length: whole.rows }, (_, i) => i);
      // Looked up, not multiplied: stored in the dtype's form. int8 is unpacked once, when a session is made, blocks
      // at every run (about 1 % of it).
      const rows = form.table(g, whole)(
        g,
        g.sharedConstant(`rows_${whole.rows}`, () => int32([whole.rows], ids)),
      );
      return op.reshape(g, rows, [heads, whole.rows / heads, whole.columns]);
    },
    norm(x, name) {
      const weight = g.constant(name, small(name));
      return op.rmsNorm(g, x, weight, config.epsilon);
    },
    relativeBias(stack, like) {
      return relativeBias(g, config, small, stack, () => {
        const positions = op.range(g, op.dimOf(g, like, 1), like.dims[1]!);
        return [positions, positions];
      });
    },
    biasBetween(stack, queries, keys) {
      return relativeBias(g, config, small, stack, () => [queries, keys]);
    },
    headProduct(x) {
      if (head.product) return head.product(g, x);
      const everyId = g.sharedConstant('vocabulary', () =>
        int32(
          [config.vocabSize],
          Int32Array.from({ length: config.vocabSize }, (_, i) => i),
        ),
      );
      // Nothing but constants: made once, with the session.
      return op.matmul(g, x, op.transpose(g, head(g, everyId), [1, 0]));
    },
  };
}

/** [1, heads, queries, keys] by one Gather over a baked table with clipped relative positions. */
function relativeBias(
  g: Graph,
  config: T5Config,
  small: WeightSource['small'],
  stack: Stack,
  positions: () => readonly [queries: Value, keys: Value],
): Value {
  const options = {
    buckets: config.buckets,
    maxDistance: config.maxDistance,
    bidirectional: stack === 'encoder',
  };
  const span = reach(options);
  const name = relativeBiasName(stack);
  const rows = biasTable(small(name).data, config.numHeads, options);
  const table = g.constant(name, float32([2 * span + 1, config.numHeads], rows));
  const [queries, keys] = positions();
  const relative = op.sub(g, op.unsqueeze(g, keys, [0]), op.unsqueeze(g, queries, [1]));
  const clipped = op.max(g, op.min(g, relative, op.intScalar(g, span)), op.intScalar(g, -span));
  const rowsPerPair = op.gather(g, table, op.add(g, clipped, op.intScalar(g, span)));
  return op.unsqueeze(g, op.transpose(g, rowsPerPair, [2, 0, 1]), [0]);
}
