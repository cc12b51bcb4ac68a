/** Seeded randomness: the same seed gives the same weights on every machine. */

export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
}

/** mulberry32 (Tommy Ettinger, public domain); normals by Box–Muller. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  };
  return { uniform, normal };
}

/** `rows` orthonormal vectors of length `columns` (rows ≤ columns), row-major, drawn at random. */
export function orthonormalRows(random: Random, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    const row = out.subarray(r * columns, (r + 1) * columns);
    for (let c = 0; c < columns; c++) row[c] = random.normal();
    for (let before = 0; before < r; before++) {
      const other = out.subarray(before * columns, (before + 1) * columns);
      const overlap = row.reduce((sum, value, c) => sum + value * other[c]!, 0);
      for (let c = 0; c < columns; c++) row[c] = row[c]! - overlap * other[c]!;
    }
    const length = Math.hypot(...row);
    for (let c = 0; c < columns; c++) row[c] = row[c]! / length;
  }
  return out;
}
