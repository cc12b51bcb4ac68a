/** Principal components of a weighted cloud of points, by Jacobi rotations: small, exact, no library. */

export interface Components {
  /** Weighted mean [dims]. */
  readonly mean: Float64Array;
  /** Eigenvectors as rows, largest variance first: [dims × dims]. */
  readonly vectors: Float64Array;
  /** Variances, descending [dims]. */
  readonly variances: Float64Array;
}

/** Components of `points` [rows × dims], row r counted `weights[r]` times. */
export function principalComponents(
  points: Float32Array,
  dims: number,
  weights: ArrayLike<number>,
): Components {
  const rows = points.length / dims;
  const mean = new Float64Array(dims);
  let total = 0;
  for (let r = 0; r < rows; r++) {
    total += weights[r]!;
    for (let d = 0; d < dims; d++) mean[d]! += weights[r]! * points[r * dims + d]!;
  }
  for (let d = 0; d < dims; d++) mean[d]! /= total;
  const covariance = new Float64Array(dims * dims);
  const centred = new Float64Array(dims);
  for (let r = 0; r < rows; r++) {
    const weight = weights[r]! / total;
    if (weight === 0) continue;
    for (let d = 0; d < dims; d++) centred[d] = points[r * dims + d]! - mean[d]!;
    for (let i = 0; i < dims; i++) {
      const scaled = weight * centred[i]!;
      for (let j = i; j < dims; j++) covariance[i * dims + j]! += scaled * centred[j]!;
    }
  }
  for (let i = 0; i < dims; i++)
    for (let j = 0; j < i; j++) covariance[i * dims + j] = covariance[j * dims + i]!;
  const { values, vectors } = symmetricEigen(covariance, dims);
  return { mean, vectors, variances: values };
}

/**
 * Eigenvalues (descending) and eigenvectors (rows) of a symmetric matrix [n × n]: cyclic Jacobi
 * (Golub and Van Loan, Matrix Computations, 8.5). The matrix given is overwritten.
 */
export function symmetricEigen(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  let norm = 0;
  for (const value of a) norm += value * value;
  for (let sweep = 0; sweep < 30 && offDiagonal(a, n) > 1e-22 * norm; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = [...Array(n).keys()].sort((i, j) => a[j * n + j]! - a[i * n + i]!);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(v.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors };
}

/** One rotation that makes a[p][q] zero; `v` collects the rotations, eigenvectors as rows. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turnRows(a, n, p, q, c, s);
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p]!;
    const kq = a[k * n + q]!;
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  turnRows(v, n, p, q, c, s);
}

function turnRows(m: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const pk = m[p * n + k]!;
    const qk = m[q * n + k]!;
    m[p * n + k] = c * pk - s * qk;
    m[q * n + k] = s * pk + c * qk;
  }
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += 2 * a[i * n + j]! ** 2;
  return sum;
}
