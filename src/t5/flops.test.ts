import { describe, expect, it } from 'vitest';
import { callCost, type T5Shape, totalFlops } from './flops.ts';

/** FLAN-T5-large, of config.json on the hub. */
const LARGE: T5Shape = {
  dModel: 1024,
  dKv: 64,
  dFf: 2816,
  numHeads: 16,
  encoderLayers: 24,
  decoderLayers: 24,
  gated: true,
  vocabSize: 32_128,
};

describe('callCost', () => {
  it('is twice the encoder’s parameters a token, beside what attention takes', () => {
    const parameters = 24 * (4 * 1024 * 1024 + 3 * 1024 * 2816);
    const { perToken } = callCost({ ...LARGE, decoderLayers: 0 }, 1);
    expect(perToken).toBe(2 * parameters);
  });

  it('counts what a loop over all products of matrices counts', () => {
    const { dModel, dFf, vocabSize } = LARGE;
    const [n, positions, inner] = [137, 2, 1024];
    let count = 0;
    const product = (m: number, k: number, width: number) => {
      count += 2 * m * k * width;
    };
    for (let layer = 0; layer < 24; layer++) {
      for (let i = 0; i < 4; i++) product(n, dModel, inner);
      product(n, inner, n);
      product(n, n, inner);
      for (let i = 0; i < 3; i++) product(n, dModel, dFf);
    }
    for (let layer = 0; layer < 24; layer++) {
      product(n, dModel, inner);
      product(n, dModel, inner);
      for (let position = 1; position <= positions; position++) {
        for (let i = 0; i < 4; i++) product(1, dModel, inner);
        product(1, inner, position);
        product(1, position, inner);
        product(1, dModel, inner);
        product(1, inner, dModel);
        product(1, inner, n);
        product(1, n, inner);
        for (let i = 0; i < 3; i++) product(1, dModel, dFf);
      }
    }
    product(1, dModel, vocabSize);
    expect(totalFlops(callCost(LARGE, positions), 1, n, n * n)).toBe(count);
  });

  it('sums over calls by the sums of tokens and of their squares', () => {
    const cost = callCost(LARGE, 1);
    const one = (n: number) => totalFlops(cost, 1, n, n * n);
    expect(totalFlops(cost, 3, 10 + 20 + 30, 100 + 400 + 900)).toBe(one(10) + one(20) + one(30));
  });
});
