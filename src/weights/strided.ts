/** Views of a storage: a shape, and for each dimension how many elements a step goes on. */

/** Elements from the first to behind the last one that a view touches; 0 for an empty view. */
export function span(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((sum, size, i) => sum + (size - 1) * strides[i]!, 1);
}

/** Whether the elements lie in the storage as they are wanted: row by row, without gaps. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return false;
    step *= shape[i]!;
  }
  return true;
}

/** The elements of a view that begins at `values[0]`, row-major. */
export function gather(
  values: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const last = shape.length - 1;
  const [width, step] = [shape[last] ?? 1, strides[last] ?? 1];
  const index = shape.map(() => 0);
  let from = 0;
  for (let at = 0; at < out.length; at += width) {
    for (let i = 0; i < width; i++) out[at + i] = values[from + i * step]!;
    for (let dim = last - 1; dim >= 0; dim--) {
      from += strides[dim]!;
      if (++index[dim]! < shape[dim]!) break;
      from -= shape[dim]! * strides[dim]!;
      index[dim] = 0;
    }
  }
  return out;
}
