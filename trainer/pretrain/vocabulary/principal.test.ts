import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalComponents, symmetricEigen } from './principal.ts';

const square = fc.integer({ min: 1, max: 7 }).chain((n) =>
  fc
    .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: n * n, maxLength: n * n })
    .map((values) => {
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) a[i * n + j] = values[Math.min(i, j) * n + Math.max(i, j)]!;
      return { a, n };
    }),
);

describe('symmetricEigen', () => {
  it('gives orthonormal vectors that put the matrix together again', () => {
    fc.assert(
      fc.property(square, ({ a, n }) => {
        const { values, vectors } = symmetricEigen(a.slice(), n);
        for (let i = 0; i < n; i++) {
          if (i > 0) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
          for (let j = 0; j < n; j++) {
            let rebuilt = 0;
            let dot = 0;
            for (let k = 0; k < n; k++) {
              rebuilt += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
              dot += vectors[i * n + k]! * vectors[j * n + k]!;
            }
            expect(rebuilt).toBeCloseTo(a[i * n + j]!, 8);
            expect(dot).toBeCloseTo(i === j ? 1 : 0, 8);
          }
        }
      }),
    );
  });
});

describe('principalComponents', () => {
  it('finds the direction of most variance, and leaves out points of weight 0', () => {
    const points = Float32Array.from([0, 0, 3, 4, 6, 8, 100, -100]);
    const { mean, vectors, variances } = principalComponents(points, 2, [1, 1, 1, 0]);
    expect([...mean]).toEqual([3, 4]);
    expect(Math.abs(vectors[0]!)).toBeCloseTo(0.6, 6);
    expect(Math.abs(vectors[1]!)).toBeCloseTo(0.8, 6);
    expect(variances[0]).toBeCloseTo(50 / 3, 5);
    expect(variances[1]).toBeCloseTo(0, 5);
  });
});
