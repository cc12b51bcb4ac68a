import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { Graph } from '../../src/onnx/graph.ts';
import * as op from '../../src/onnx/ops.ts';
import { openGraph } from './session.ts';

it('takes numbers below the smallest normal one as zero, on every thread', async () => {
  const n = 200_000;
  const g = new Graph();
  const [a, b] = [g.input('a', 'float32', [n]), g.input('b', 'float32', [n])];
  g.output(op.mul(g, a, b), 'product');
  const session = await openGraph(g, { threads: 2 });
  const fill = (value: number) => new ort.Tensor('float32', new Float32Array(n).fill(value), [n]);
  // 1e-39 is a denormal, 1e-37 is not.
  const { product } = await session.run({ a: fill(1e-20), b: fill(1e-19) });
  expect(new Set(product!.data as Float32Array)).toEqual(new Set([0]));
  const kept = (await session.run({ a: fill(1e-20), b: fill(1e-17) })).product!.data as Float32Array;
  expect(kept.every((value) => value > 0)).toBe(true);
  await session.release();
});
