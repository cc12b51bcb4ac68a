/**
 * Cholesky's decomposition in plain typed arrays. Only what a Newton step of a hundred unknowns needs: a library's matrix of
 * objects took twenty milliseconds for it, of the fifty that a whole report may take.
 */

export class Cholesky {
  readonly #size: number;
  /** Lower triangle, row-major: L with L Lᵀ = the matrix. */
  readonly #lower: Float64Array;

  /**
   * @param matrix [size × size], row-major, symmetric; only the lower triangle is read
   * @throws RangeError where it is not positive definite
   */
  constructor(matrix: Float64Array, size: number) {
    this.#size = size;
    const lower = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = matrix[i * size + j]!;
        for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!;
        if (i !== j) {
          lower[i * size + j] = sum / lower[j * size + j]!;
          continue;
        }
        if (!(sum > 0)) throw new RangeError('The matrix is not positive definite.');
        lower[i * size + i] = Math.sqrt(sum);
      }
    }
    this.#lower = lower;
  }

  /** x with matrix · x = right. */
  solve(right: Float64Array): Float64Array {
    const n = this.#size;
    const lower = this.#lower;
    const x = right.slice();
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
      x[i]! /= lower[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
      x[i]! /= lower[i * n + i]!;
    }
    return x;
  }

  /** The diagonal of the matrix's inverse: variances, where the matrix is a curvature. */
  inverseDiagonal(): Float64Array {
    const n = this.#size;
    const lower = this.#lower;
    const diagonal = new Float64Array(n);
    const column = new Float64Array(n);
    // The inverse is L⁻ᵀ L⁻¹: its diagonal is the squares of L⁻¹'s columns, summed.
    for (let j = 0; j < n; j++) {
      for (let i = j; i < n; i++) {
        let sum = i === j ? 1 : 0;
        for (let k = j; k < i; k++) sum -= lower[i * n + k]! * column[k]!;
        column[i] = sum / lower[i * n + i]!;
        diagonal[j]! += column[i]! ** 2;
      }
    }
    return diagonal;
  }
}
