/** A list taken back through the model in parts, by 'linear', has the gradient of the whole list: fp64. */
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { sizeOf } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import { seededRandom } from './init-random.ts';
import { rankNetWeights } from './loss.ts';
import { parameterShapes } from './names.ts';
import { TRAINING_IO, type TrainingShape, trainingGraph } from './training-graph.ts';

const config: T5Config = {
  vocabSize: 11,
  dModel: 6,
  dKv: 3,
  dFf: 5,
  numHeads: 2,
  encoderLayers: 2,
  decoderLayers: 1,
  buckets: 6,
  maxDistance: 8,
  epsilon: 1e-6,
  gated: true,
  activation: 'gelu_new',
  tiedHead: true,
  scaledHead: true,
  padId: 0,
  eosId: 1,
  decoderStartId: 0,
} as const;
const LENGTH = 4;
const IDS = [
  [4, 7, 3, 1],
  [2, 8, 1, 0],
  [10, 3, 5, 1],
  [9, 6, 1, 0],
];
const random = seededRandom(5);
const shapes = parameterShapes(config);
const weights = Object.fromEntries(
  [...shapes].map(([name, dims]) => {
    const values = Float64Array.from({ length: sizeOf(dims) }, () => 0.7 * random.normal());
    return [name, new ort.Tensor('float64', values, dims)];
  }),
);

/** Runs a step on some rows; gradients as sums over everything, embedding rows added at their ids. */
async function step(
  rows: readonly number[],
  loss: TrainingShape['loss'],
  target: ArrayLike<number>,
): Promise<{ scores: Float64Array; grads: Map<string, Float64Array> }> {
  const decoder = { decoderIds: [0, 4], labelIds: [5], labelWeights: [1] };
  const size = { rows: rows.length, length: LENGTH, listSize: rows.length, float: 'float64' } as const;
  const built = trainingGraph(config, { ...size, ...decoder, loss });
  const session = await ort.InferenceSession.create(encodeModel(built.graph), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const ids = Int32Array.from(rows.flatMap((row) => IDS[row]!));
  const out = await session.run({
    ...weights,
    [TRAINING_IO.ids]: new ort.Tensor('int32', ids, [rows.length, LENGTH]),
    [TRAINING_IO.mask]: new ort.Tensor(
      'int32',
      ids.map((id) => (id === 0 ? 0 : 1)),
      [rows.length, LENGTH],
    ),
    [TRAINING_IO.target]: new ort.Tensor('float64', Float64Array.from(target), built.targetDims),
  });
  await session.release();
  const grads = new Map([...shapes].map(([name, dims]) => [name, new Float64Array(sizeOf(dims))]));
  for (const gradient of built.gradients) {
    const from = out[gradient.output]!.data as Float64Array;
    const into = grads.get(gradient.parameter)!;
    const at = 'ids' in gradient ? (gradient.ids === 'input_ids' ? ids : gradient.ids) : [0];
    const width = from.length / at.length;
    for (const [r, id] of at.entries()) {
      for (let d = 0; d < width; d++) into[id * width + d]! += from[r * width + d]!;
    }
  }
  return { scores: out[TRAINING_IO.scores]!.data as Float64Array, grads };
}

describe("the loss 'linear'", () => {
  it("carries RankNet's slopes through the model two rows at a time, to 1e-12", async () => {
    const pairs = rankNetWeights([2, 1, 4, 3]);
    const whole = await step([0, 1, 2, 3], 'ranknet', pairs);
    const slopes = Array.from(whole.scores, (score, i) =>
      Array.from(whole.scores).reduce((sum, other, j) => {
        const slope = (from: number, to: number, weight: number) => weight / (1 + Math.exp(from - to));
        return sum - slope(score, other, pairs[i * 4 + j]!) + slope(other, score, pairs[j * 4 + i]!);
      }, 0),
    );
    const parts = [
      await step([0, 3], 'linear', [slopes[0]!, slopes[3]!]),
      await step([1, 2], 'linear', [slopes[1]!, slopes[2]!]),
    ];
    let largest = 0;
    for (const [name, expected] of whole.grads) {
      const scale = Math.max(1e-3, ...expected.map(Math.abs));
      largest = Math.max(largest, scale);
      for (const [i, value] of expected.entries()) {
        const sum = parts[0]!.grads.get(name)![i]! + parts[1]!.grads.get(name)![i]!;
        expect(Math.abs(sum - value) / scale, name).toBeLessThan(1e-12);
      }
    }
    expect(largest).toBeGreaterThan(0.1);
  });
});
