import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairProbabilities } from './pair-probability.ts';

const asked = fc.integer({ min: 2, max: 6 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    decisions: fc.uniqueArray(
      fc
        .record({
          a: fc.integer({ min: 0, max: n - 1 }),
          b: fc.integer({ min: 0, max: n - 1 }),
          margin: fc.double({ min: -9, max: 9, noNaN: true }),
        })
        .filter(({ a, b }) => a !== b),
      { selector: ({ a, b }) => a * n + b },
    ),
  }),
);

describe('pairProbabilities', () => {
  it('P_ij and P_ji are two sides of one probability; what was not asked is not a number', () => {
    fc.assert(
      fc.property(asked, ({ n, decisions }) => {
        const p = pairProbabilities(n, decisions);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            const isAsked = decisions.some(({ a, b }) => (a === i && b === j) || (a === j && b === i));
            expect(Number.isNaN(p[i * n + j]!)).toBe(!isAsked);
            if (isAsked) expect(p[i * n + j]! + p[j * n + i]!).toBeCloseTo(1, 12);
          }
        }
      }),
    );
  });

  it('is the mean of both orders: a liking for passage A cancels', () => {
    const p = pairProbabilities(2, [
      { a: 0, b: 1, margin: 2 },
      { a: 1, b: 0, margin: 2 },
    ]);
    expect(p[1]).toBeCloseTo(0.5, 12);
    const sure = pairProbabilities(2, [
      { a: 0, b: 1, margin: Math.log(3) },
      { a: 1, b: 0, margin: 0 },
    ]);
    expect(sure[1]).toBeCloseTo((0.75 + 0.5) / 2, 12);
    expect(pairProbabilities(2, [{ a: 1, b: 0, margin: Math.log(3) }])[1]).toBeCloseTo(0.25, 12);
  });
});
