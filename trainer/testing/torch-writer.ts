/** Files as torch.save writes them, for tests: the zip of today and the pickles before PyTorch 1.6. */
import { PickleWriter } from './pickle-writer.ts';
import { writeZip, type ZipOptions } from './zip-writer.ts';

export interface TestStorage {
  readonly key: string;
  /** Like `FloatStorage`. */
  readonly type: string;
  readonly elements: number;
  readonly bytes: Uint8Array;
}

export interface TestTensor {
  readonly name: string;
  readonly storage: TestStorage;
  readonly offset?: number;
  readonly shape: readonly number[];
  /** Absent: row-major. */
  readonly strides?: readonly number[];
}

export function floatStorage(key: string, values: ArrayLike<number>): TestStorage {
  const data = Float32Array.from(values);
  return { key, type: 'FloatStorage', elements: data.length, bytes: new Uint8Array(data.buffer) };
}

export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * size, 1));
}

/** A state dict with `_metadata` for a state, as a module's state_dict() is pickled. */
function stateDict(
  writer: PickleWriter,
  tensors: readonly TestTensor[],
  view?: 'none' | 'some',
): PickleWriter {
  writer.proto().orderedDict().mark();
  for (const { name, storage, offset = 0, shape, strides = rowMajor(shape) } of tensors) {
    writer.text(name).tensor({ ...storage, view }, offset, shape, strides);
  }
  writer.op(0x75);
  return writer.op(0x7d).mark().text('_metadata').orderedDict().op(0x75).op(0x62);
}

export function torchZip(tensors: readonly TestTensor[], options: ZipOptions = {}): Uint8Array {
  const storages = new Map(tensors.map(({ storage }) => [storage.key, storage]));
  return torchZipOf(
    stateDict(new PickleWriter(), tensors).done(),
    [...storages.values()].map(({ key, bytes }) => ({ name: `data/${key}`, data: bytes })),
    options,
  );
}

/** An archive around any pickle. */
export function torchZipOf(
  pickle: Uint8Array,
  others: readonly { readonly name: string; readonly data: Uint8Array }[] = [],
  options: ZipOptions = {},
): Uint8Array {
  const files = [
    { name: 'data.pkl', data: pickle },
    { name: 'byteorder', data: Buffer.from('little') },
    ...others,
  ].filter(({ name }, i, all) => all.findLastIndex((file) => file.name === name) === i);
  return writeZip(
    files.map(({ name, data }) => ({ name: `archive/${name}`, data })),
    { padding: 13, ...options },
  );
}

export function torchLegacy(tensors: readonly TestTensor[], view: 'none' | 'some' = 'none'): Uint8Array {
  const storages = new Map(tensors.map(({ storage }) => [storage.key, storage]));
  const magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
  const system = new PickleWriter().proto().op(0x7d).mark();
  system.text('protocol_version').int(1001).text('little_endian').op(0x88).op(0x75);
  const keys = new PickleWriter().proto().op(0x5d).mark();
  for (const key of storages.keys()) keys.text(key);
  const data = [...storages.values()].flatMap(({ elements, bytes }) => {
    const count = Buffer.alloc(8);
    count.writeBigInt64LE(BigInt(elements));
    return [count, Buffer.from(bytes)];
  });
  return Buffer.concat([
    Buffer.from(magic),
    new PickleWriter().proto().int(1001).done(),
    system.done(),
    stateDict(new PickleWriter(), tensors, view).done(),
    keys.op(0x65).done(),
    ...data,
  ]);
}
