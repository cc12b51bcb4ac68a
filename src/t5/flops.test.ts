import { describe, expect, it } from 'vitest';
import { callCost, type T5Shape, textCost, totalFlops, totalTextFlops } from './flops.ts';

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

describe('textCost', () => {
  it('is that of a label for one token', () => {
    const [n, m] = [137, 1];
    const texts = { outputs: m, outputSquares: m * m, tokenOutputs: n * m };
    const label = totalFlops(callCost(LARGE, 1), 1, n, n * n);
    expect(totalTextFlops(textCost(LARGE), n, n * n, texts)).toBe(label);
  });

  it('grows by one position of the decoder and one row of logits a token', () => {
    const text = (n: number, m: number) =>
      totalTextFlops(textCost(LARGE), n, n * n, { outputs: m, outputSquares: m * m, tokenOutputs: n * m });
    const label = (n: number, positions: number) => totalFlops(callCost(LARGE, positions), 1, n, n * n);
    const row = 2 * LARGE.dModel * LARGE.vocabSize;
    for (const m of [2, 3, 17]) expect(text(137, m)).toBe(label(137, m) + (m - 1) * row);
  });

  it('sums over texts by their sums', () => {
    const sizes = [
      [137, 4],
      [20, 9],
    ] as const;
    const sum = (of: (n: number, m: number) => number) => sizes.reduce((all, [n, m]) => all + of(n, m), 0);
    const total = (all: typeof sum) =>
      totalTextFlops(
        textCost(LARGE),
        all((n) => n),
        all((n) => n * n),
        {
          outputs: all((_, m) => m),
          outputSquares: all((_, m) => m * m),
          tokenOutputs: all((n, m) => n * m),
        },
      );
    expect(total(sum)).toBe(sum((n, m) => total((of) => of(n, m))));
  });
});
