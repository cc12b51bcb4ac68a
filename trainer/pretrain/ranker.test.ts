import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderByScore, prpScores } from './ranker.ts';

describe('prpScores', () => {
  it('sums to n(n − 1) whatever is answered (every call gives one point)', () => {
    const margins = fc.integer({ min: 2, max: 8 }).chain((n) =>
      fc.record({
        n: fc.constant(n),
        values: fc.array(fc.constantFrom(-1.5, 0, 0.5, 2), { minLength: n * n, maxLength: n * n }),
      }),
    );
    fc.assert(
      fc.property(margins, ({ n, values }) => {
        const total = prpScores(Float32Array.from(values), n).reduce((sum, score) => sum + score, 0);
        expect(total).toBeCloseTo(n * (n - 1), 6);
      }),
    );
  });

  it('gives back a strict order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 9 }),
        (worth) => {
          const n = worth.length;
          const margins = Float32Array.from(
            { length: n * n },
            (_, k) => worth[Math.floor(k / n)]! - worth[k % n]!,
          );
          const expected = worth.map((_, i) => i).sort((a, b) => worth[b]! - worth[a]!);
          expect(orderByScore(prpScores(margins, n))).toEqual(expected);
        },
      ),
    );
  });

  it('keeps first-stage order between equal scores', () => {
    expect(orderByScore([1, 2, 1, 2])).toEqual([1, 3, 0, 2]);
  });
});
