import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillKept } from './dropout.ts';

const filled = (length: number, rate: number, key: readonly number[]) => {
  const kept = new Uint8Array(length).fill(7);
  fillKept(kept, rate, key);
  return kept;
};
const share = (kept: Uint8Array) => kept.reduce((sum, one) => sum + one, 0) / kept.length;

describe('what dropout keeps', () => {
  it('is a function of key and position: a shorter mask is the start of a longer one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 99 }),
        (key, length) => {
          expect(filled(length, 0.3, key)).toEqual(filled(100, 0.3, key).subarray(0, length));
        },
      ),
    );
  });

  it.each([0.05, 0.1, 0.5, 0.9])('leaves out a share of %d, under every key', (rate) => {
    const n = 40_000;
    for (let seed = 0; seed < 20; seed++) {
      const left = 1 - share(filled(n, rate, [seed, 1, 0, 3]));
      // Five standard deviations.
      expect(Math.abs(left - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / n));
    }
  });

  it('is independent from key to key and from position to position', () => {
    const n = 40_000;
    const first = filled(n, 0.5, [1, 2, 3, 4]);
    const agreeing = (other: Uint8Array, shift = 0) =>
      share(first.subarray(shift).map((one, i) => (one === other[i] ? 1 : 0)));
    const others = [
      [2, 2, 3, 4],
      [1, 3, 3, 4],
      [1, 2, 4, 4],
      [1, 2, 3, 5],
    ];
    for (const key of others) expect(agreeing(filled(n, 0.5, key))).toBeCloseTo(0.5, 1.5);
    for (const shift of [1, 2, 3, 64, 512]) {
      expect(agreeing(first.subarray(0, n - shift), shift)).toBeCloseTo(0.5, 1.5);
    }
  });

  it('is everything at a rate of 0', () => {
    expect(share(filled(1001, 0, [5]))).toBe(1);
  });
});
