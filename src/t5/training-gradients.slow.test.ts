/** A whole T5's gradients in fp64 against central differences, parameter by parameter. */
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { sizeOf } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import { fillKept } from './dropout.ts';
import { seededRandom } from './init-random.ts';
import { rankNetWeights } from './loss.ts';
import { parameterShapes } from './names.ts';
import { type LossKind, TRAINING_IO, trainingGraph } from './training-graph.ts';

const base: T5Config = {
  vocabSize: 11,
  dModel: 4,
  dKv: 2,
  dFf: 5,
  numHeads: 2,
  encoderLayers: 2,
  decoderLayers: 2,
  buckets: 6,
  maxDistance: 8,
  epsilon: 1e-6,
  gated: true,
  activation: 'gelu_new',
  tiedHead: false,
  scaledHead: false,
  padId: 0,
  eosId: 1,
  decoderStartId: 0,
};

/** A third derivative of 800 costs 1e-9 at this step, rounding less. */
const STEP = 3e-6;

/** Targets of each loss for three rows. */
const TARGETS: Readonly<Record<LossKind, readonly [dims: number[], data: ArrayLike<number>]>> = {
  ranknet: [[1, 3, 3], rankNetWeights([2, 1, 3])],
  listwise: [
    [1, 3],
    [0.5, 0.3, 0.2],
  ],
  logistic: [[3], [0.9, 0.2, 0.4]],
  linear: [[3], [0.7, -1.2, 0.4]],
};

/** Of every element of every parameter. */
async function worstError(config: T5Config, loss: LossKind, dropout = 0): Promise<Map<string, number>> {
  const [rows, length] = [3, 5];
  const shape = {
    rows,
    length,
    decoderIds: [0, 4],
    labelIds: [5, 6],
    labelWeights: [1, -1],
    loss,
    listSize: 3,
    float: 'float64' as const,
    dropout,
  };
  const built = trainingGraph(config, shape);
  const open = () =>
    ort.InferenceSession.create(encodeModel(built.graph), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const session = await open();
  // The same graph as far as the loss: what only gradients need is left out where it runs thousands of times.
  built.graph.outputs.splice(
    0,
    Infinity,
    ...built.graph.outputs.filter(({ name }) => name === TRAINING_IO.loss),
  );
  const forward = await open();
  const random = seededRandom(3);
  const shapes = parameterShapes(config);
  const values = new Map(
    [...shapes].map(([name, dims]) => [
      name,
      Float64Array.from({ length: sizeOf(dims) }, () => 0.7 * random.normal()),
    ]),
  );
  const ids = Int32Array.from([4, 7, 3, 9, 1, 2, 8, 1, 0, 0, 10, 3, 3, 1, 0]);
  const mask = ids.map((id) => (id === 0 ? 0 : 1));
  const masks = built.dropoutSites.map(({ input, dims }, site) => {
    const kept = new Uint8Array(sizeOf(dims));
    fillKept(kept, dropout, [11, site]);
    return [input, new ort.Tensor('uint8', kept, dims)] as const;
  });
  // Their values are read at every run: what changes in `values` changes here.
  const feeds = {
    ...Object.fromEntries(masks),
    ...Object.fromEntries(
      [...values].map(([name, v]) => [name, new ort.Tensor('float64', v, shapes.get(name)!)]),
    ),
    [TRAINING_IO.ids]: new ort.Tensor('int32', ids, [rows, length]),
    [TRAINING_IO.mask]: new ort.Tensor('int32', mask, [rows, length]),
    [TRAINING_IO.target]: new ort.Tensor('float64', Float64Array.from(TARGETS[loss][1]), TARGETS[loss][0]),
  };
  const first = await session.run(feeds);
  const grads = new Map([...shapes].map(([name, dims]) => [name, new Float64Array(sizeOf(dims))]));
  for (const gradient of built.gradients) {
    const into = grads.get(gradient.parameter)!;
    const from = first[gradient.output]!.data as Float64Array;
    if (!('ids' in gradient)) into.set(from);
    else {
      const at = gradient.ids === 'input_ids' ? [...ids] : [...gradient.ids];
      const width = config.dModel;
      for (const [r, id] of at.entries()) {
        for (let d = 0; d < width; d++) into[id * width + d] = into[id * width + d]! + from[r * width + d]!;
      }
    }
  }
  const lossNow = async () => ((await forward.run(feeds))[TRAINING_IO.loss]!.data as Float64Array)[0]!;
  const worst = new Map<string, number>();
  for (const [name, value] of values) {
    let most = 0;
    for (let e = 0; e < value.length; e++) {
      const kept = value[e]!;
      value[e] = kept + STEP;
      const up = await lossNow();
      value[e] = kept - STEP;
      const down = await lossNow();
      value[e] = kept;
      most = Math.max(most, Math.abs((up - down) / (2 * STEP) - grads.get(name)![e]!));
    }
    worst.set(name, most);
  }
  await Promise.all([session.release(), forward.release()]);
  return worst;
}

describe("a T5's gradients agree with central differences in fp64", () => {
  const forms: [string, T5Config][] = [
    ['gated gelu, own head', base],
    [
      'relu, tied and scaled head',
      { ...base, gated: false, activation: 'relu', tiedHead: true, scaledHead: true },
    ],
    // FLAN-T5-small's heads are narrower than the model together (6 × 64 of 512), T5-11b's wider.
    ['heads narrower than the model', { ...base, numHeads: 1, dKv: 3 }],
    ['heads wider than the model', { ...base, numHeads: 3, dKv: 2, tiedHead: true, scaledHead: true }],
  ];
  it.each(forms)('%s', async (_name, config) => {
    for (const [name, error] of await worstError(config, 'ranknet')) expect(error, name).toBeLessThan(1e-8);
  });
  it.each(['listwise', 'logistic', 'linear'] as const)('under the loss %s', async (loss) => {
    for (const [name, error] of await worstError(base, loss)) expect(error, name).toBeLessThan(1e-8);
  });
  it.each([
    ['gated gelu', base],
    ['relu', { ...base, gated: false, activation: 'relu' as const, tiedHead: true, scaledHead: true }],
  ])('with dropout, %s', async (_name, config) => {
    for (const [name, error] of await worstError(config, 'ranknet', 0.1))
      expect(error, name).toBeLessThan(1e-8);
  });
});

describe('dropout', () => {
  it('stands where T5 has it, for every row by itself', () => {
    const shape = { rows: 3, length: 5, decoderIds: [0, 4], labelIds: [5], labelWeights: [1], listSize: 3 };
    const { dropoutSites } = trainingGraph(base, { ...shape, loss: 'ranknet', dropout: 0.1 });
    // Embedding, four a block (attention weights and output, hidden layer and output), last norm; two more for a
    // decoder block's cross-attention.
    expect(dropoutSites).toHaveLength(1 + 4 * base.encoderLayers + 1 + 1 + 6 * base.decoderLayers + 1);
    expect(new Set(dropoutSites.map(({ dims }) => dims[0]))).toEqual(new Set([3]));
    expect(trainingGraph(base, { ...shape, loss: 'ranknet', dropout: 0 }).dropoutSites).toEqual([]);
  });
});
