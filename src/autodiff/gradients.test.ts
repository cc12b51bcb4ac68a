/** Every op's gradient, and a whole T5's, against central differences in fp64. */
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { Graph, type Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { int32, sizeOf } from '../onnx/tensor.ts';
import { seededRandom } from '../t5/init-random.ts';
import { gradients } from './gradients.ts';

const STEP = 1e-5;

type Build = (g: Graph, inputs: readonly Value[]) => Value;

/** Largest |analytic − numeric| over all inputs, relative to the gradient's size. */
async function worstError(
  shapes: readonly (readonly number[])[],
  build: Build,
  positive = false,
): Promise<number> {
  const random = seededRandom(7);
  const g = new Graph({ float: 'float64' });
  const inputs = shapes.map((dims, i) => g.input(`x${i}`, 'float64', dims));
  const y = build(g, inputs);
  // Weights of the sum that makes a scalar: all different, so that no gradient is seen only in total.
  const weights = Array.from({ length: sizeOf(y.dims as number[]) }, () => random.normal());
  const weighted = op.mul(g, y, g.constant('w', op.floats(g, y.dims as number[], weights)));
  const loss =
    y.dims.length === 0
      ? weighted
      : op.reduceSum(
          g,
          weighted,
          y.dims.map((_, i) => i),
          false,
        );
  for (const [i, grad] of gradients(g, loss, inputs).entries()) g.output(grad, `g${i}`);
  g.output(loss, 'loss');
  const session = await ort.InferenceSession.create(encodeModel(g), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const values = shapes.map((dims) =>
    Float64Array.from({ length: sizeOf(dims) }, () => (positive ? 0.5 + random.uniform() : random.normal())),
  );
  const run = () =>
    session.run(
      Object.fromEntries(values.map((v, i) => [`x${i}`, new ort.Tensor('float64', v, shapes[i]!)])),
    );
  const first = await run();
  let worst = 0;
  for (const [i, value] of values.entries()) {
    const analytic = Float64Array.from(first[`g${i}`]!.data as Float64Array);
    expect(first[`g${i}`]!.dims).toEqual(shapes[i]);
    for (let e = 0; e < value.length; e++) {
      const kept = value[e]!;
      value[e] = kept + STEP;
      const up = ((await run()).loss!.data as Float64Array)[0]!;
      value[e] = kept - STEP;
      const down = ((await run()).loss!.data as Float64Array)[0]!;
      value[e] = kept;
      worst = Math.max(worst, Math.abs((up - down) / (2 * STEP) - analytic[e]!));
    }
  }
  await session.release();
  return worst;
}

const indices = (g: Graph, values: number[]) => g.constant('i', int32([values.length], values));

const cases: [name: string, shapes: number[][], build: Build, positive?: boolean][] = [
  ['Add with broadcast', [[2, 3], [3]], (g, [a, b]) => op.add(g, a!, b!)],
  [
    'Sub with broadcast',
    [
      [2, 1],
      [2, 3],
    ],
    (g, [a, b]) => op.sub(g, a!, b!),
  ],
  [
    'Mul with broadcast',
    [
      [2, 1, 3],
      [4, 1],
    ],
    (g, [a, b]) => op.mul(g, a!, b!),
  ],
  ['Mul by itself', [[3]], (g, [a]) => op.mul(g, a!, a!)],
  [
    'Div with broadcast',
    [
      [2, 3],
      [2, 1],
    ],
    (g, [a, b]) => op.div(g, a!, b!),
    true,
  ],
  ['Min', [[4], [4]], (g, [a, b]) => op.min(g, a!, b!)],
  ['Max', [[4], [4]], (g, [a, b]) => op.max(g, a!, b!)],
  [
    'Neg, Exp, Log, Sqrt, Reciprocal',
    [[3]],
    (g, [a]) => op.neg(g, op.exp(g, op.log(g, op.sqrt(g, op.reciprocal(g, a!))))),
    true,
  ],
  ['Abs, Tanh', [[4]], (g, [a]) => op.tanh(g, op.abs(g, a!))],
  ['Relu', [[6]], (g, [a]) => op.relu(g, a!)],
  ['Sigmoid', [[4]], (g, [a]) => op.sigmoid(g, a!)],
  ['Gelu', [[6]], (g, [a]) => op.gelu(g, a!)],
  ['Identity', [[2]], (g, [a]) => op.identity(g, a!)],
  [
    'MatMul',
    [
      [2, 3],
      [3, 4],
    ],
    (g, [a, b]) => op.matmul(g, a!, b!),
  ],
  [
    'MatMul with broadcast batches',
    [
      [1, 2, 2, 3],
      [3, 1, 3, 2],
    ],
    (g, [a, b]) => op.matmul(g, a!, b!),
  ],
  [
    'Gemm',
    [
      [2, 3],
      [3, 4],
    ],
    (g, [a, b]) => op.gemm(g, a!, b!),
  ],
  [
    'Gemm, transposed B',
    [
      [2, 3],
      [4, 3],
    ],
    (g, [a, b]) => op.gemm(g, a!, b!, { transB: true }),
  ],
  [
    'Gemm, transposed A',
    [
      [3, 2],
      [3, 4],
    ],
    (g, [a, b]) => op.gemm(g, a!, b!, { transA: true }),
  ],
  [
    'Gemm, both transposed',
    [
      [3, 2],
      [4, 3],
    ],
    (g, [a, b]) => op.gemm(g, a!, b!, { transA: true, transB: true }),
  ],
  ['Reshape, Transpose', [[2, 6]], (g, [a]) => op.transpose(g, op.reshape(g, a!, [2, 2, 3]), [2, 0, 1])],
  ['Unsqueeze, Squeeze', [[2, 1, 3]], (g, [a]) => op.squeeze(g, op.unsqueeze(g, a!, [0]), [2])],
  ['Expand', [[2, 1]], (g, [a]) => op.expand(g, a!, [2, 3])],
  ['Split, one part unused', [[2, 5]], (g, [a]) => op.splitLast(g, a!, [2, 3])[1]!],
  [
    'Concat',
    [
      [2, 1],
      [2, 2],
    ],
    (g, [a, b]) => op.concat(g, [a!, b!], 1),
  ],
  ['Gather with repeats', [[4, 3]], (g, [a]) => op.gather(g, a!, indices(g, [2, 0, 2]))],
  ['Gather along axis 1, from the end', [[2, 4, 3]], (g, [a]) => op.gather(g, a!, indices(g, [-1, 1]), 1)],
  ['ReduceSum', [[2, 3, 2]], (g, [a]) => op.reduceSum(g, a!, [0, 2], false)],
  ['ReduceMean', [[2, 3]], (g, [a]) => op.reduceMean(g, a!, [1], true)],
  ['ReduceLogSumExp', [[2, 3]], (g, [a]) => op.reduceLogSumExp(g, a!, [1], false)],
  ['Softmax', [[2, 4]], (g, [a]) => op.softmax(g, a!)],
  ['RMS norm', [[2, 4], [4]], (g, [a, w]) => op.rmsNorm(g, a!, w!, 1e-6)],
];

describe('gradients agree with central differences in fp64', () => {
  it.each(cases)('%s', async (_name, shapes, build, positive) => {
    expect(await worstError(shapes, build, positive)).toBeLessThan(1e-8);
  });
});

describe('gradients', () => {
  it('names an op without a gradient', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', []);
    const y = g.node1('Erf', [x], { dtype: 'float32', dims: [] });
    expect(() => gradients(g, y, [x])).toThrow(/Erf has no gradient/);
  });

  it('names a value that the loss ignores', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', []);
    const other = g.input('other', 'float32', [2]);
    expect(() => gradients(g, op.neg(g, x), [x, other])).toThrow(/does not depend on other/);
  });

  it('asks for a scalar loss', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [2]);
    expect(() => gradients(g, x, [x])).toThrow(/a loss is a scalar/);
  });
});
