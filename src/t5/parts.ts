/**
 * T5Parts for inference: weights become constants of the graph, in the form a dtype asks for.
 * What all dtypes share is here; how a matrix is applied and how embedding rows are fetched differs
 * (`MatrixForm`).
 */
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { float32, int32 } from '../onnx/tensor.ts';
import type { T5Parts } from './forward.ts';
import { HEAD, relativeBiasName, SHARED, type Stack } from './names.ts';
import { biasTable, reach } from './relative-position.ts';
import type { T5Model } from './weights.ts';

/** A stack of [out × in] matrices that share their input. */
export interface Matrix {
  readonly name: string;
  /** [out × in], row-major. */
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** How one dtype stores and applies matrices. */
export interface MatrixForm {
  /** x [..., in] → [..., out]. */
  apply(g: Graph, x: Value, matrix: Matrix): Value;
  /** Stores a table whose rows can be fetched by id. */
  table(g: Graph, matrix: Matrix): RowTable;
}

/** Fetches rows by id, ids [...] → [..., columns] in fp32, with nodes added to `at` (the graph or a branch of it). */
export type RowTable = (at: Graph, ids: Value) => Value;

export interface InferenceParts extends T5Parts {
  /** Rows of the output head by token id. */
  readonly head: RowTable;
}

export function inferenceParts(g: Graph, { config, weights }: T5Model, form: MatrixForm): InferenceParts {
  const matrix = (name: string): Matrix => {
    const { data, dims } = weights.get(name)!;
    return { name, data, rows: dims[0]!, columns: dims[1]! };
  };
  const embedding = form.table(g, matrix(SHARED));
  const head = config.tiedHead ? embedding : form.table(g, matrix(HEAD));
  return {
    head,
    embed: (ids) => embedding(g, ids),
    headRows: (ids) => head(g, ids),
    linears(x, names) {
      const matrices = names.map(matrix);
      const product = form.apply(g, x, stacked(matrices));
      if (matrices.length === 1) return [product];
      return op.splitLast(
        g,
        product,
        matrices.map(({ rows }) => rows),
      );
    },
    byHead(name) {
      const whole = matrix(name);
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
      const weight = g.constant(name, weights.get(name)!);
      return op.rmsNorm(g, x, weight, config.epsilon);
    },
    relativeBias(stack, like) {
      return relativeBias(g, { config, weights }, stack, like);
    },
  };
}

/** Several matrices on one input as a single product. */
function stacked(matrices: readonly Matrix[]): Matrix {
  const [first] = matrices;
  if (matrices.length === 1) return first!;
  const columns = first!.columns;
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const data = new Float32Array(rows * columns);
  let at = 0;
  for (const matrix of matrices) {
    data.set(matrix.data, at);
    at += matrix.data.length;
  }
  return { name: first!.name, data, rows, columns };
}

/** [1, heads, L, L] by one Gather over a baked table with clipped relative positions. */
function relativeBias(g: Graph, { config, weights }: T5Model, stack: Stack, like: Value): Value {
  const options = {
    buckets: config.buckets,
    maxDistance: config.maxDistance,
    bidirectional: stack === 'encoder',
  };
  const span = reach(options);
  const name = relativeBiasName(stack);
  const rows = biasTable(weights.get(name)!.data, config.numHeads, options);
  const table = g.constant(name, float32([2 * span + 1, config.numHeads], rows));
  const positions = op.range(g, op.dimOf(g, like, 1), like.dims[1]!);
  const relative = op.sub(g, op.unsqueeze(g, positions, [0]), op.unsqueeze(g, positions, [1]));
  const clipped = op.max(g, op.min(g, relative, op.intScalar(g, span)), op.intScalar(g, -span));
  const rowsPerPair = op.gather(g, table, op.add(g, clipped, op.intScalar(g, span)));
  return op.unsqueeze(g, op.transpose(g, rowsPerPair, [2, 0, 1]), [0]);
}
