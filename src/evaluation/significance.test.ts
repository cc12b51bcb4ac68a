import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import { pairedDifference } from './significance.ts';

const value = fc.double({ min: 0, max: 1, noNaN: true });
const pairs = fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 30 });

describe('pairedDifference', () => {
  it('gives the exact p of all sign patterns for few queries', () => {
    // All five differences have one sign: 2 of 2^5 patterns are as far from 0.
    const result = pairedDifference([1, 1, 1, 1, 1], [0.5, 0.4, 0.3, 0.2, 0.1]);
    expect(result.p).toBe(2 / 32);
    expect(result.mean).toBeCloseTo(0.7, 12);
    expect(result.low).toBeGreaterThan(0);
  });

  it('finds no difference between a list and itself', () => {
    const same = Array.from({ length: 50 }, (_, i) => i / 50);
    expect(pairedDifference(same, same)).toEqual({ n: 50, mean: 0, low: 0, high: 0, p: 1 });
  });

  it('is the same for the same seed, and swapping the methods only turns the signs', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const a = list.map(([x]) => x);
        const b = list.map(([, y]) => y);
        const options = { samples: 400 };
        const there = pairedDifference(a, b, options);
        const back = pairedDifference(b, a, options);
        expect(pairedDifference(a, b, options)).toEqual(there);
        expect(back.mean).toBeCloseTo(-there.mean, 12);
        expect(back.p).toBeCloseTo(there.p, 12);
        expect(back.low).toBeCloseTo(-there.high, 12);
        expect(there.p).toBeGreaterThan(0);
        expect(there.p).toBeLessThanOrEqual(1);
        expect(there.low).toBeLessThanOrEqual(there.high);
      }),
      { numRuns: 50 },
    );
  });

  it('agrees with the textbook interval on many ordinary values', () => {
    // n = 400 with mean m and standard deviation s: m ± 1.96 s / 20.
    const random = seededRandom(7);
    const d = Array.from({ length: 400 }, () => random() + random() + random() - 1.4);
    const mean = d.reduce((sum, x) => sum + x, 0) / 400;
    const s = Math.sqrt(d.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 399);
    const result = pairedDifference(d, new Array(400).fill(0));
    expect(result.low).toBeCloseTo(mean - (1.96 * s) / 20, 2);
    expect(result.high).toBeCloseTo(mean + (1.96 * s) / 20, 2);
    expect(result.p).toBeLessThan(0.01);
  });

  it('covers the true mean about as often as it says', () => {
    const random = seededRandom(11);
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const d = Array.from({ length: 40 }, () => random() - 0.5);
      const { low, high } = pairedDifference(d, new Array(40).fill(0), { samples: 500, seed: trial });
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered).toBeGreaterThan(178);
    expect(covered).toBeLessThan(200);
  });

  it('refuses lists that do not match, single queries and values that are no numbers', () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow(/same queries/);
    expect(() => pairedDifference([1], [1])).toThrow(/at least two/);
    expect(() => pairedDifference([1, Number.NaN], [1, 1])).toThrow(/finite/);
  });
});
