/** onnxruntime-web behind the port, on its WebAssembly build in Node: what it promises beyond scoring. */
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExternalData } from '../src/inference/runtime.ts';
import { splitModel, wholeModel } from '../trainer/testing/split-model.ts';
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
