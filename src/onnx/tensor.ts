/**
 * Tensors as plain data: a dtype, dimensions and a typed array. The graph builder's constants and
 * weights, and what sessions take and give, all have this shape.
 */

export type DType = 'float32' | 'float64' | 'int32' | 'int64' | 'int8' | 'uint8' | 'bool';

export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  int8: Int8Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

export interface TensorData<T extends DType = DType> {
  readonly dtype: T;
  readonly dims: readonly number[];
  readonly data: ArrayOf[T];
}

/** Bytes of one element. */
export const ELEMENT_SIZE: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  int32: 4,
  int64: 8,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((size, dim) => size * dim, 1);
}

/** A tensor whose length is checked against its shape. Throws RangeError when they disagree. */
export function tensor<T extends DType>(dtype: T, dims: readonly number[], data: ArrayOf[T]): TensorData<T> {
  if (data.length !== sizeOf(dims)) {
    throw new RangeError(`tensor [${dims.join(', ')}] needs ${sizeOf(dims)} elements, got ${data.length}`);
  }
  return { dtype, dims, data };
}

export const float32 = (dims: readonly number[], data: Float32Array | readonly number[]) =>
  tensor('float32', dims, data instanceof Float32Array ? data : Float32Array.from(data));

export const int32 = (dims: readonly number[], data: Int32Array | readonly number[]) =>
  tensor('int32', dims, data instanceof Int32Array ? data : Int32Array.from(data));

export const int64 = (dims: readonly number[], data: readonly number[]) =>
  tensor(
    'int64',
    dims,
    BigInt64Array.from(data, (value) => BigInt(value)),
  );
