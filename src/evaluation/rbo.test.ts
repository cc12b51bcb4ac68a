import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankBiasedOverlap } from './rbo.ts';

const letters = [...'abcdefghijklmno'];
const order = fc.shuffledSubarray(letters, { minLength: 1 });

describe('rankBiasedOverlap', () => {
  it('is 1 for the same order, 0 for lists without a common id, undefined for none', () => {
    fc.assert(
      fc.property(order, (a) => {
        expect(rankBiasedOverlap(a, a)).toBeCloseTo(1, 12);
      }),
    );
    expect(rankBiasedOverlap(['a', 'b'], ['c', 'd'])).toBe(0);
    expect(rankBiasedOverlap([], ['a'])).toBeUndefined();
  });

  it('is symmetric and lies between 0 and 1', () => {
    fc.assert(
      fc.property(order, order, (a, b) => {
        const value = rankBiasedOverlap(a, b)!;
        expect(value).toBeCloseTo(rankBiasedOverlap(b, a)!, 12);
        expect(value).toBeGreaterThanOrEqual(-1e-12);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is the sum of its definition where both lists are as long: agreement at each depth, the last one going on', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(letters, { minLength: 15 }),
        fc.double({ min: 0.1, max: 0.95, noNaN: true }),
        (b, p) => {
          const n = letters.length;
          const agreement = (d: number) =>
            letters.slice(0, d).filter((id) => b.slice(0, d).includes(id)).length / d;
          let expected = agreement(n) * p ** n;
          for (let d = 1; d <= n; d++) expected += (1 - p) * p ** (d - 1) * agreement(d);
          expect(rankBiasedOverlap(letters, b, p)).toBeCloseTo(expected, 9);
        },
      ),
    );
  });

  it('counts a swap at the top more than one at the bottom', () => {
    const top = ['b', 'a', ...letters.slice(2)];
    const bottom = [...letters.slice(0, -2), 'o', 'n'];
    expect(rankBiasedOverlap(letters, top)!).toBeLessThan(rankBiasedOverlap(letters, bottom)!);
  });
});
