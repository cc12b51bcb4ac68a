/** A tensor that lies in some file and can be read as fp32. */
import { decodeElements, ELEMENT_BYTES, type StoredDtype } from '../t5/safetensors.ts';

/** fp64 stands in pickles only. */
export type ElementType = StoredDtype | 'F64';

export interface TensorSource {
  readonly name: string;
  /** For errors. */
  readonly path: string;
  /** What it is stored as: an ElementType where it can be read, else the file's own word, like `LongStorage`. */
  readonly stored: string;
  readonly shape: readonly number[];
  /** Bytes of memory that reading takes beside the result. */
  readonly scratch: number;
  /** All elements, row-major. @throws RankscopeError that names file and tensor. */
  read(): Promise<Float32Array<ArrayBuffer>>;
}

/** The tensors of one file or of all shards. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, TensorSource>;
  /** Paths read, and their bytes all together. */
  readonly paths: readonly string[];
  readonly bytes: number;
  close(): Promise<void>;
}

export function elementBytes(type: ElementType): number {
  return type === 'F64' ? 8 : ELEMENT_BYTES[type];
}

/** Whether `stored` is something that can be decoded. */
export function isReadable(stored: string): stored is ElementType {
  return stored === 'F64' || Object.hasOwn(ELEMENT_BYTES, stored);
}

/** Decodes little-endian elements into `out` from index `at`; returns how many. */
export function decode(type: ElementType, bytes: Uint8Array, out: Float32Array, at: number): number {
  if (type !== 'F64') return decodeElements(type, bytes, out, at);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / 8;
  for (let i = 0; i < count; i++) out[at + i] = view.getFloat64(8 * i, true);
  return count;
}
