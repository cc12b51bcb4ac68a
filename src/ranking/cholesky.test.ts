import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cholesky } from './cholesky.ts';

/** A Aᵀ + I of any A: symmetric and positive definite. */
const definite = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.array(fc.integer({ min: -4, max: 4 }), { minLength: n * n, maxLength: n * n }).map((a) => ({
    n,
    matrix: Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) sum += a[i * n + k]! * a[j * n + k]!;
      return sum;
    }),
  })),
);

it('solves what it was made of, and has its inverse’s diagonal', () => {
  fc.assert(
    fc.property(definite, ({ n, matrix }) => {
      const cholesky = new Cholesky(matrix, n);
      const diagonal = cholesky.inverseDiagonal();
      for (let j = 0; j < n; j++) {
        const unit = Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0));
        const x = cholesky.solve(unit);
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += matrix[i * n + k]! * x[k]!;
          expect(sum).toBeCloseTo(unit[i]!, 8);
        }
        expect(diagonal[j]).toBeCloseTo(x[j]!, 8);
      }
    }),
  );
});

it('refuses what is not positive definite', () => {
  expect(() => new Cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
});
