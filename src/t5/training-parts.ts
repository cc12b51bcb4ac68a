/**
 * T5's weights as fed inputs of a graph with fixed shapes, for training: activations are
 * multiplied as [B·L, D] by Hugging Face's [out, in] matrices, and what was gathered from an
 * embedding is remembered, so that its gradient can be asked row by row.
 */

import { fixedDims } from '../autodiff/vjp.ts';
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { tensor } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import type { T5Parts } from './forward.ts';
import { HEAD, parameterShapes, relativeBiasName, SHARED, type Stack } from './names.ts';
import { relativeBucket } from './relative-position.ts';

/** Rows taken from an embedding: `rows` = table[ids]. */
export interface GatheredRows {
  /** Name of the parameter: the shared embedding or the head. */
  readonly parameter: string;
  readonly ids: Value;
  /** [...ids, d_model]; ask for its gradient and add its rows to the parameter's at `ids`. */
  readonly rows: Value;
}

export interface TrainingParts extends T5Parts {
  /** Every parameter as a graph input, by Hugging Face's name, in its order. */
  readonly inputs: ReadonlyMap<string, Value>;
  readonly gathered: readonly GatheredRows[];
}

/** Declares all parameters as inputs of `g`. */
export function trainingParts(g: Graph, config: T5Config): TrainingParts {
  const inputs = new Map<string, Value>();
  for (const [name, dims] of parameterShapes(config)) inputs.set(name, g.input(name, g.float, dims));
  const gathered: GatheredRows[] = [];
  const weight = (name: string): Value => {
    const value = inputs.get(name);
    if (!value) throw new RangeError(`${name} is not a parameter of this configuration`);
    return value;
  };
  const rowsOf = (parameter: string, ids: Value): Value => {
    const rows = op.gather(g, weight(parameter), ids);
    gathered.push({ parameter, ids, rows });
    return rows;
  };
  return {
    inputs,
    gathered,
    embed: (ids) => rowsOf(SHARED, ids),
    headRows: (ids) => rowsOf(config.tiedHead ? SHARED : HEAD, ids),
    linears(x, names) {
      const lead = fixedDims(x).slice(0, -1);
      const flat = op.reshape(g, x, [lead.reduce((size, dim) => size * dim, 1), x.dims.at(-1)!]);
      return names.map((name) => {
        const w = weight(name);
        return op.reshape(g, op.gemm(g, flat, w, { transB: true }), [...lead, w.dims[0]!]);
      });
    },
    byHead: (name) => {
      const w = weight(name);
      const [rows, columns] = fixedDims(w);
      return op.reshape(g, w, [config.numHeads, rows! / config.numHeads, columns!]);
    },
    norm: (x, name) => normWithScale(g, x, weight(name), config.epsilon),
    relativeBias: (stack, like) =>
      relativeBias(g, config, stack, weight(relativeBiasName(stack)), fixedDims(like).at(-1)!),
  };
}

/** RMS norm that also gives 1 / rms, which its gradient needs. */
function normWithScale(g: Graph, x: Value, weight: Value, epsilon: number): Value {
  // The second output is fp32 whatever the input is: the fp64 twin lets its gradient compute it.
  if (g.float === 'float64') return op.rmsNorm(g, x, weight, epsilon);
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon }, stash_type: { int: 1 } };
  const scale = { dtype: x.dtype, dims: [...x.dims.slice(0, -1), 1] };
  return g.node(
    'SimplifiedLayerNormalization',
    [x, weight],
    [{ dtype: x.dtype, dims: x.dims }, scale],
    attributes,
  )[0]!;
}

/** [1, heads, L, L] as one-hot(bucket) @ table: its gradient is one product. */
function relativeBias(g: Graph, config: T5Config, stack: Stack, table: Value, length: number): Value {
  const { buckets, maxDistance, numHeads } = config;
  const hot = g.sharedConstant(`buckets_${stack}_${length}_${g.float}`, () => {
    // A bucket depends on the distance alone; long prompts have millions of elements.
    const bucket = Array.from({ length: 2 * length - 1 }, (_, i) =>
      relativeBucket(i - length + 1, { buckets, maxDistance, bidirectional: stack === 'encoder' }),
    );
    const values = new (g.float === 'float64' ? Float64Array : Float32Array)(length * length * buckets);
    for (let query = 0; query < length; query++) {
      for (let key = 0; key < length; key++) {
        values[(query * length + key) * buckets + bucket[key - query + length - 1]!] = 1;
      }
    }
    return tensor(g.float, [length * length, buckets], values);
  });
  const bias = op.reshape(g, op.matmul(g, hot, table), [length, length, numHeads]);
  return op.unsqueeze(g, op.transpose(g, bias, [2, 0, 1]), [0]);
}
