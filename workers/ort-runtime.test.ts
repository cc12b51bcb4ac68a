/** onnxruntime-web behind the port, on its WebAssembly build in Node: what it promises beyond scoring. */
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedModel } from '../src/inference/fused-model.ts';
import type { TokenBatch } from '../src/inference/label-model.ts';
import { greedyFromLabels, greedyTokens, likelihoodsFromLabels } from '../src/inference/label-text.ts';
import type { ExternalData } from '../src/inference/runtime.ts';
import { buildScorer } from '../src/t5/scorer-graph.ts';
import { splitModel, wholeModel } from '../trainer/testing/split-model.ts';
import { tinyModel } from '../trainer/testing/tiny-checkpoint.ts';
import { ortRuntime } from './ort-runtime.ts';

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
});

const runtime = ortRuntime(ort, ['wasm']);
const x = () => runtime.tensor('float32', Float32Array.of(1, 10), [1, 2]);
const array = (data: unknown) => [...(data as Float32Array)];

it('gives all outputs, those named, or writes into tensors that are there already', async () => {
  const session = await runtime.createSession(wholeModel());
  expect(Object.keys(await session.run({ x: x() })).sort()).toEqual(['product', 'total']);
  expect(Object.keys(await session.run({ x: x() }, ['total']))).toEqual(['total']);
  const own = new Float32Array(3);
  const into = runtime.tensor('float32', own, [1, 3]);
  const out = await session.run({ x: x() }, { product: into, total: null });
  expect([...own]).toEqual([41, 52, 63]);
  expect(out.product).toBe(into);
  expect(array(out.total!.data)).toEqual([82, 104, 126]);
  await session.release();
});

describe('weights beside the model', () => {
  const { bytes, weights } = splitModel('w.onnx_data');
  const forms: [string, ExternalData['data']][] = [
    ['bytes', weights],
    ['a Blob', new Blob([weights])],
  ];
  it.each(forms)('come as %s', async (_, data) => {
    const session = await runtime.createSession(bytes, { externalData: [{ path: 'w.onnx_data', data }] });
    expect(array((await session.run({ x: x() })).product!.data)).toEqual([41, 52, 63]);
    await session.release();
  });
});

it.each(['fp32', 'int8', 'q8', 'q4'] as const)(
  'judges and writes texts in one reading, %s',
  async (dtype) => {
    const t5 = tinyModel({ config: { num_decoder_layers: 2 } });
    const bytes = buildScorer(t5, dtype);
    const node = { ...runtime, device: 'wasm' as const, threads: 1, yieldTask: async () => {} };
    const model = fusedModel(node, await node.createSession(bytes), {
      config: t5.config,
      dtype,
      read: async () => ({ model: bytes }),
    });
    const batch: TokenBatch = {
      ids: Int32Array.of(5, 9, 12, 30, 1, 7, 1, 0, 0, 0),
      mask: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 0, 0, 0),
      rows: 2,
      length: 5,
    };
    // Not undefined: what is taken says what the scorer says.
    const found = await model.judge!(batch, [0, 4], [8, 3, 6]);
    const expected = await likelihoodsFromLabels(model, batch, [0, 4], [8, 3, 6]);
    for (const [r, row] of expected.entries()) {
      for (const [k, value] of row.entries())
        expect(Math.abs(found![r]![k]! - value)).toBeLessThan(dtype === 'int8' ? 0.05 : 1e-4);
    }
    const options = { vocabulary: t5.config.vocabSize, eosId: 1, most: 5, least: 5 };
    const written = await greedyTokens(model, batch, [0], options);
    expect(written).toEqual(await greedyFromLabels(model, batch, [0], options));
    await model.release();
  },
);
