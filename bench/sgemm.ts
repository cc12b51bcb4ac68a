/**
 * The machine's peak, as this runtime reaches it: products of two fp32 matrices of 2048 × 2048 by the
 * session that trains. Both are inputs, so nothing is packed in advance, as in training.
 */
import * as ort from 'onnxruntime-node';
import { encodeModel } from '../src/onnx/encode.ts';
import { Graph } from '../src/onnx/graph.ts';
import * as op from '../src/onnx/ops.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';

const SIZE = 2048;

export interface Sgemm {
  /** Multiplies for about so many milliseconds, at least twice; returns 10⁹ floating-point operations a second. */
  round(ms: number): Promise<number>;
  release(): Promise<void>;
}

export async function openSgemm(threads: number): Promise<Sgemm> {
  const g = new Graph();
  const dims = [SIZE, SIZE];
  g.output(op.matmul(g, g.input('a', 'float32', dims), g.input('b', 'float32', dims)), 'c');
  const session = await nodeRuntime(threads).createSession(encodeModel(g));
  const matrix = (scale: number) =>
    new ort.Tensor('float32', new Float32Array(SIZE * SIZE).fill(scale), dims);
  const [feeds, fetches] = [{ a: matrix(0.5), b: matrix(0.25) }, { c: matrix(0) }];
  await session.run(feeds, fetches);
  return {
    async round(ms) {
      const began = performance.now();
      let count = 0;
      for (; count < 2 || performance.now() - began < ms; count++) await session.run(feeds, fetches);
      return (count * 2 * SIZE ** 3) / ((performance.now() - began) * 1e6);
    },
    release: () => session.release(),
  };
}
