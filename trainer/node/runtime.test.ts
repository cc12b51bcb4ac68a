/** What the port promises beyond scoring: typed tensors, outputs by name or in place, weights beside the model. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExternalData } from '../../src/inference/runtime.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { Graph } from '../../src/onnx/graph.ts';
import * as op from '../../src/onnx/ops.ts';
import { type ArrayOf, type DType, sizeOf } from '../../src/onnx/tensor.ts';
import { testFolder } from '../testing/folder.ts';
import { splitModel, wholeModel } from '../testing/split-model.ts';
import { nodeRuntime } from './runtime.ts';

const runtime = nodeRuntime(1);
const x = () => runtime.tensor('float32', Float32Array.of(1, 10), [1, 2]);

const array = (data: unknown) => [...(data as Float32Array)];

describe('outputs', () => {
  it('are all given, or those named, or written into a tensor that is there already', async () => {
    const session = await runtime.createSession(wholeModel(), { arena: false });
    expect(Object.keys(await session.run({ x: x() })).sort()).toEqual(['product', 'total']);
    const named = await session.run({ x: x() }, ['total']);
    expect(Object.keys(named)).toEqual(['total']);
    expect(array(named.total!.data)).toEqual([82, 104, 126]);
    const own = new Float32Array(3);
    await session.run({ x: x() }, { product: runtime.tensor('float32', own, [1, 3]), total: null });
    expect([...own]).toEqual([41, 52, 63]);
    await session.release();
  });
});

const VALUES: { readonly [T in DType]: ArrayOf[T] } = {
  float32: Float32Array.of(0.5, -2),
  float64: Float64Array.of(0.1, -2),
  int32: Int32Array.of(-7, 2 ** 31 - 1),
  int64: BigInt64Array.of(-7n, 2n ** 40n),
  int8: Int8Array.of(-128, 127),
  uint8: Uint8Array.of(0, 255),
  bool: Uint8Array.of(0, 1),
};

it.each(Object.entries(VALUES) as [DType, ArrayOf[DType]][])('takes and gives %s', async (type, data) => {
  const g = new Graph();
  const value = g.input('value', type, [2]);
  g.output(op.reshape(g, value, [1, 2]), 'same');
  const session = await runtime.createSession(encodeModel(g));
  const { same } = await session.run({ value: runtime.tensor(type, data as never, [2]) });
  expect(same!.type).toBe(type);
  expect(sizeOf(same!.dims)).toBe(2);
  expect([...(same!.data as Float32Array)].map(Number)).toEqual([...(data as Float32Array)].map(Number));
  await session.release();
});

it('refuses a tensor whose length does not fit its shape', () => {
  expect(() => runtime.tensor('float32', new Float32Array(3), [2, 2])).toThrow();
});

describe('weights beside the model', () => {
  const folder = testFolder('external-data');
  const file = join(folder, 'w.onnx_data');
  beforeAll(() => writeFileSync(file, splitModel('w.onnx_data').weights));

  const { bytes, weights } = splitModel('w.onnx_data');
  const forms: [string, ExternalData['data']][] = [
    ['bytes', weights],
    ['a Blob', new Blob([weights])],
    ['a file of the same name', file],
  ];
  it.each(forms)('come as %s', async (_, data) => {
    const session = await runtime.createSession(bytes, { externalData: [{ path: 'w.onnx_data', data }] });
    expect(array((await session.run({ x: x() })).product!.data)).toEqual([41, 52, 63]);
    await session.release();
  });

  it('come as a file called otherwise', async () => {
    const other = splitModel('elsewhere.bin').bytes;
    const externalData = [{ path: 'elsewhere.bin', data: file }];
    const session = await runtime.createSession(other, { externalData });
    expect(array((await session.run({ x: x() })).product!.data)).toEqual([41, 52, 63]);
    await session.release();
  });

  it('are missed where they are not given', async () => {
    await expect(runtime.createSession(bytes)).rejects.toThrow('w.onnx_data');
  });
});

it('takes numbers below the smallest normal one as zero, on every thread', async () => {
  const n = 200_000;
  const g = new Graph();
  const [a, b] = [g.input('a', 'float32', [n]), g.input('b', 'float32', [n])];
  g.output(op.mul(g, a, b), 'product');
  const session = await nodeRuntime(2).createSession(encodeModel(g));
  const fill = (value: number) => runtime.tensor('float32', new Float32Array(n).fill(value), [n]);
  // 1e-39 is a denormal, 1e-37 is not.
  const { product } = await session.run({ a: fill(1e-20), b: fill(1e-19) });
  expect(new Set(product!.data as Float32Array)).toEqual(new Set([0]));
  const kept = (await session.run({ a: fill(1e-20), b: fill(1e-17) })).product!.data as Float32Array;
  expect(kept.every((value) => value > 0)).toBe(true);
  await session.release();
});
