/** The constants of a model file, and what it says of itself; the numbers stay where they are. */
import type { onnx } from 'onnx-proto';
import type { ExternalPlace } from './encode.ts';
import { ONNX_TYPE } from './ops.ts';
import { proto } from './proto.ts';
import { type ArrayOf, type DType, ELEMENT_SIZE, sizeOf } from './tensor.ts';

export interface StoredConstant {
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** Its numbers, over the file's own memory where that is aligned for them; or where they lie beside the file. */
  readonly stored: ArrayOf[DType] | ExternalPlace;
}

export interface StoredModel {
  readonly constants: ReadonlyMap<string, StoredConstant>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the outer graph's constants; those of types that we do not write are left out.
 * @param bytes of an ONNX file, which must not be changed while its constants are used
 * @throws whatever is wrong with bytes that are no model
 */
export function readConstants(bytes: Uint8Array): StoredModel {
  const { graph, metadataProps } = proto.ModelProto.decode(bytes);
  const constants = new Map<string, StoredConstant>();
  for (const tensor of graph?.initializer ?? []) {
    const constant = readTensor(tensor);
    if (constant) constants.set(tensor.name ?? '', constant);
  }
  return {
    constants,
    metadata: Object.fromEntries((metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? ''])),
  };
}

const DTYPES = new Map(Object.entries(ONNX_TYPE).map(([dtype, id]) => [id, dtype as DType]));

function readTensor({
  dataType,
  dims: sizes,
  rawData,
  dataLocation,
  externalData,
}: onnx.ITensorProto): StoredConstant | undefined {
  const dtype = DTYPES.get(dataType ?? 0);
  if (!dtype) return undefined;
  const dims = (sizes ?? []).map(Number);
  const length = ELEMENT_SIZE[dtype] * sizeOf(dims);
  if (dataLocation === proto.TensorProto.DataLocation.EXTERNAL) {
    const said = Object.fromEntries((externalData ?? []).map(({ key, value }) => [key, value]));
    const place = {
      location: said.location ?? '',
      offset: Number(said.offset ?? 0),
      length: Number(said.length ?? length),
    };
    return { dtype, dims, stored: place };
  }
  return rawData?.length === length ? { dtype, dims, stored: typed(dtype, rawData) } : undefined;
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

function typed(dtype: DType, bytes: Uint8Array): ArrayOf[DType] {
  const size = ELEMENT_SIZE[dtype];
  const { buffer, byteOffset } = byteAligned(bytes, size);
  return new ARRAYS[dtype](buffer as ArrayBuffer, byteOffset, bytes.length / size);
}

const byteAligned = (bytes: Uint8Array, size: number): Uint8Array =>
  bytes.byteOffset % size === 0 ? bytes : bytes.slice();
