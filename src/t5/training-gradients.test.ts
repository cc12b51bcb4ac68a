/** A whole T5's gradients in fp64 against central differences, parameter by parameter. */
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { sizeOf } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import { seededRandom } from './init-random.ts';
import { rankNetWeights } from './loss.ts';
import { parameterShapes } from './names.ts';
import { TRAINING_IO, trainingGraph } from './training-graph.ts';

const base: T5Config = {
  vocabSize: 11,
  dModel: 6,
  dKv: 3,
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

const STEP = 1e-5;
/** Elements looked at per parameter; all of the small ones. */
const PROBES = 6;

async function worstError(config: T5Config): Promise<Map<string, number>> {
  const [rows, length] = [3, 5];
  const shape = {
    rows,
    length,
    decoderIds: [0, 4],
    labelIds: [5, 6],
    labelWeights: [1, -1],
    loss: 'ranknet' as const,
    listSize: 3,
    float: 'float64' as const,
  };
  const built = trainingGraph(config, shape);
  const session = await ort.InferenceSession.create(encodeModel(built.graph), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
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
  const run = () =>
    session.run({
      ...Object.fromEntries(
        [...values].map(([name, v]) => [name, new ort.Tensor('float64', v, shapes.get(name)!)]),
      ),
      [TRAINING_IO.ids]: new ort.Tensor('int32', ids, [rows, length]),
      [TRAINING_IO.mask]: new ort.Tensor('int32', mask, [rows, length]),
      [TRAINING_IO.target]: new ort.Tensor(
        'float64',
        Float64Array.from(rankNetWeights([2, 1, 3])),
        [1, 3, 3],
      ),
    });
  const first = await run();
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
  const loss = async () => ((await run())[TRAINING_IO.loss]!.data as Float64Array)[0]!;
  const worst = new Map<string, number>();
  for (const [name, value] of values) {
    let most = 0;
    const stride = Math.max(1, Math.floor(value.length / PROBES));
    for (let e = 0; e < value.length; e += stride) {
      const kept = value[e]!;
      value[e] = kept + STEP;
      const up = await loss();
      value[e] = kept - STEP;
      const down = await loss();
      value[e] = kept;
      most = Math.max(most, Math.abs((up - down) / (2 * STEP) - grads.get(name)![e]!));
    }
    worst.set(name, most);
  }
  await session.release();
  return worst;
}

describe("a T5's gradients agree with central differences in fp64", () => {
  const forms: [string, T5Config][] = [
    ['gated gelu, own head', base],
    [
      'relu, tied and scaled head',
      { ...base, gated: false, activation: 'relu', tiedHead: true, scaledHead: true },
    ],
  ];
  it.each(forms)('%s', async (_name, config) => {
    for (const [name, error] of await worstError(config)) expect(error, name).toBeLessThan(1e-8);
  });
});
