/**
 * safetensors files: an 8-byte little-endian header length, a JSON header, raw tensor data
 * (format: huggingface/safetensors README). Reads F32, F16 and BF16 as fp32; writes F32 and BF16.
 */
import { messageOf, RankscopeError } from '../errors.ts';
import { parseShallowJson, shown } from '../json-text.ts';
import { type TensorData, tensor } from '../onnx/tensor.ts';

export type StoredDtype = 'F32' | 'F16' | 'BF16';

export interface StoredTensor {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** Byte range, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where tensor data begins in the file. */
  readonly dataStart: number;
}

/** Bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<StoredDtype, number>> = { F32: 4, F16: 2, BF16: 2 };
/** The reference implementation refuses larger headers, too. */
const MAX_HEADER = 100_000_000;

/**
 * Reads the header and checks it: known dtypes, ranges inside the file, sizes that agree with shapes.
 * @param head the first bytes of the file, at least 8 + header length of them.
 * @param fileSize bytes of the whole file.
 * @throws RankscopeError 'bad-checkpoint' saying what is wrong.
 */
export function parseSafetensorsHeader(
  head: Uint8Array,
  fileSize: number,
  fileName: string,
): SafetensorsHeader {
  const length = headerLength(head, fileSize, fileName);
  let json: unknown;
  try {
    json = parseShallowJson(new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(8, 8 + length)));
  } catch (error) {
    const why = messageOf(error).slice(0, 200);
    throw bad(fileName, `its header is not JSON: the file is damaged or not a safetensors file (${why})`);
  }
  if (!isObject(json)) throw bad(fileName, 'its header is not a JSON object');
  const dataStart = 8 + length;
  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(json)) {
    if (name === '__metadata__') metadata = textsOf(entry);
    else tensors.set(name, checkEntry(name, entry, fileSize - dataStart, fileName));
  }
  checkLayout(tensors, fileSize - dataStart, fileName);
  return { tensors, metadata, dataStart };
}

/** The texts among the metadata; nothing else belongs there, and nothing depends on it. */
function textsOf(metadata: unknown): Record<string, string> {
  if (!isObject(metadata)) return {};
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** As the reference implementation has it: tensors follow one another without gap or overlap to the end of the file. */
function checkLayout(tensors: ReadonlyMap<string, StoredTensor>, dataBytes: number, fileName: string): void {
  let at = 0;
  for (const [name, { begin, end }] of [...tensors].sort(
    ([, a], [, b]) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin !== at)
      throw bad(fileName, `tensor ${name} ${begin < at ? 'overlaps another' : 'leaves a gap before it'}`);
    at = end;
  }
  if (at !== dataBytes)
    throw bad(fileName, `${dataBytes - at} bytes after its last tensor belong to no tensor`);
}

/** Length of the JSON header, from the first 8 bytes. */
export function headerLength(head: Uint8Array, fileSize: number, fileName: string): number {
  if (head.length < 8) throw bad(fileName, `it has only ${head.length} bytes`);
  const length = Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
  if (length < 2 || length > MAX_HEADER || 8 + length > fileSize) {
    throw bad(fileName, 'its header length is impossible: the file is damaged or not a safetensors file');
  }
  return length;
}

function checkEntry(name: string, entry: unknown, dataBytes: number, fileName: string): StoredTensor {
  if (!isObject(entry)) throw bad(fileName, `tensor ${name} has no description`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') {
    throw bad(fileName, `tensor ${name} has dtype ${shown(dtype)}; F32, F16 and BF16 can be read`);
  }
  const isCount = (value: unknown) => typeof value === 'number' && Number.isInteger(value) && value >= 0;
  const isRange = (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(isCount);
  if (!Array.isArray(shape) || !shape.every(isCount) || !isRange(offsets)) {
    throw bad(fileName, `tensor ${name} has no valid shape or offsets`);
  }
  const [begin, end] = offsets as [number, number];
  const size = (shape as number[]).reduce((product, dim) => product * dim, ELEMENT_BYTES[dtype]);
  if (end - begin !== size || end > dataBytes) {
    throw bad(
      fileName,
      `tensor ${name} is outside the file or its size is wrong: the file is truncated or damaged`,
    );
  }
  return { dtype, shape: shape as number[], begin, end };
}

/** Decodes the bytes of one tensor to fp32. */
export function decodeTensor(stored: StoredTensor, bytes: Uint8Array): TensorData<'float32'> {
  const data = new Float32Array(bytes.length / ELEMENT_BYTES[stored.dtype]);
  decodeElements(stored.dtype, bytes, data, 0);
  return tensor('float32', stored.shape, data);
}

/** Decodes whole little-endian elements into `out` from index `at`; returns how many. */
export function decodeElements(dtype: StoredDtype, bytes: Uint8Array, out: Float32Array, at: number): number {
  const count = bytes.length / ELEMENT_BYTES[dtype];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === 'F32') {
    new Uint8Array(out.buffer, out.byteOffset + 4 * at, bytes.length).set(bytes);
  } else if (dtype === 'BF16') {
    const bits = new Uint32Array(out.buffer, out.byteOffset + 4 * at, count);
    for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16;
  } else {
    halves ??= Float32Array.from({ length: 0x10000 }, (_, half) => halfToFloat(half));
    for (let i = 0; i < count; i++) out[at + i] = halves[view.getUint16(2 * i, true)]!;
  }
  return count;
}

/** All tensors of a file held in memory. */
export function readSafetensors(bytes: Uint8Array, fileName: string): Map<string, TensorData<'float32'>> {
  const header = parseSafetensorsHeader(bytes, bytes.length, fileName);
  const out = new Map<string, TensorData<'float32'>>();
  for (const [name, stored] of header.tensors) {
    const data = bytes.subarray(header.dataStart + stored.begin, header.dataStart + stored.end);
    out.set(name, decodeTensor(stored, data));
  }
  return out;
}

/**
 * Writes fp32 tensors as F32 or BF16 (rounded to nearest even).
 * @returns the bytes of the file; the header is padded so that data begins at a multiple of 8.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorData<'float32'>>,
  dtype: 'F32' | 'BF16' = 'F32',
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Uint8Array<ArrayBuffer> {
  const pieces = [...safetensorsPieces(tensors, dtype, metadata)];
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** The same file in pieces, header and tensors one by one: large models do not fit twice. */
export function* safetensorsPieces(
  tensors: ReadonlyMap<string, TensorData<'float32'>>,
  dtype: 'F32' | 'BF16' = 'F32',
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Generator<Uint8Array> {
  yield headOf(new Map([...tensors].map(([name, { dims }]) => [name, dims])), dtype, metadata);
  for (const { data } of tensors.values()) yield stored(data, dtype);
}

/** The same file of tensors that are read one by one. */
export async function* streamSafetensors(
  shapes: ReadonlyMap<string, readonly number[]>,
  read: (name: string) => Promise<Float32Array>,
  dtype: 'F32' | 'BF16' = 'F32',
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): AsyncGenerator<Uint8Array> {
  yield headOf(shapes, dtype, metadata);
  for (const name of shapes.keys()) yield stored(await read(name), dtype);
}

/** Length of the header and the header. */
function headOf(
  shapes: ReadonlyMap<string, readonly number[]>,
  dtype: 'F32' | 'BF16',
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, shape] of shapes) {
    const size = shape.reduce((product, dim) => product * dim, ELEMENT_BYTES[dtype]);
    header[name] = { dtype, shape, data_offsets: [offset, offset + size] };
    offset += size;
  }
  let text = JSON.stringify(header);
  while ((new TextEncoder().encode(text).length + 8) % 8 !== 0) text += ' ';
  const json = new TextEncoder().encode(text);
  const head = new Uint8Array(8 + json.length);
  new DataView(head.buffer).setBigUint64(0, BigInt(json.length), true);
  head.set(json, 8);
  return head;
}

function stored(data: Float32Array, dtype: 'F32' | 'BF16'): Uint8Array {
  return dtype === 'F32' ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : toBfloat16(data);
}

function toBfloat16(data: Float32Array): Uint8Array {
  const out = new Uint8Array(2 * data.length);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < data.length; i++) {
    const x = bits[i]!;
    const rounded = (x + 0x7fff + ((x >>> 16) & 1)) >>> 16;
    out[2 * i] = rounded & 0xff;
    out[2 * i + 1] = rounded >>> 8;
  }
  return out;
}

/** fp32 of every fp16, made when one is first met. */
let halves: Float32Array | undefined;

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function bad(fileName: string, what: string): RankscopeError {
  return new RankscopeError('bad-checkpoint', `${fileName}: ${what}.`, { file: fileName });
}
