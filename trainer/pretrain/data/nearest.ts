/** The encoder's own search: nearest passages of many queries, exactly, as matrix products. */
import * as ort from 'onnxruntime-node';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import { gemm } from '../../../src/onnx/ops.ts';
import { SESSION_EXTRA } from '../../node/session-options.ts';
import { encoderDims } from './encoder.ts';

const queriesPerRun = 128;

/**
 * For each query the indices of its `k` passages with the highest cosine, best first: [queries × k].
 * @param queries unit vectors [queries × 384]; `passages` likewise. k is at most the number of passages.
 */
export async function nearestPassages(
  queries: Float32Array,
  passages: Float32Array,
  k: number,
): Promise<Int32Array> {
  const count = passages.length / encoderDims;
  const graph = new Graph();
  const q = graph.input('queries', 'float32', ['Q', encoderDims]);
  const p = graph.input('passages', 'float32', [count, encoderDims]);
  const size = graph.constant('k', { dtype: 'int64', dims: [1], data: BigInt64Array.of(BigInt(k)) });
  const scores = gemm(graph, q, p, { transB: true });
  const [, indices] = graph.node(
    'TopK',
    [scores, size],
    [
      { dtype: 'float32', dims: ['Q', k] },
      { dtype: 'int64', dims: ['Q', k] },
    ],
  );
  graph.output(indices!, 'nearest');
  const session = await ort.InferenceSession.create(encodeModel(graph), {
    intraOpNumThreads: 2,
    extra: SESSION_EXTRA,
  });
  const table = new ort.Tensor('float32', passages, [count, encoderDims]);
  const total = queries.length / encoderDims;
  const nearest = new Int32Array(total * k);
  for (let from = 0; from < total; from += queriesPerRun) {
    const to = Math.min(total, from + queriesPerRun);
    const rows = queries.subarray(from * encoderDims, to * encoderDims);
    const result = await session.run({
      queries: new ort.Tensor('float32', rows, [to - from, encoderDims]),
      passages: table,
    });
    nearest.set(Array.from(result.nearest!.data as BigInt64Array, Number), from * k);
  }
  await session.release();
  return nearest;
}

/** Dot product of row `i` of `a` and row `j` of `b`, both [rows × 384]: the cosine of unit vectors. */
export function cosine(a: Float32Array, i: number, b: Float32Array, j: number): number {
  let sum = 0;
  for (let d = 0; d < encoderDims; d++) sum += a[i * encoderDims + d]! * b[j * encoderDims + d]!;
  return sum;
}
