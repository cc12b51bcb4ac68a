import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteFile } from '../../../trainer/node/byte-file.ts';
import { PickleWriter } from '../../../trainer/testing/pickle-writer.ts';
import { refusal, temporaryFolder } from '../../../trainer/testing/temporary.ts';
import {
  floatStorage,
  rowMajor,
  type TestTensor,
  torchLegacy,
  torchZip,
  torchZipOf,
} from '../../../trainer/testing/torch-writer.ts';
import { refusePointer } from '../../bytes/lfs-pointer.ts';
import { RankscopeError } from '../../errors.ts';
import { torchFile } from './torch-file.ts';

const folder = temporaryFolder();

async function openTorchFile(path: string) {
  const file = await ByteFile.open(path);
  await refusePointer(file);
  return torchFile(file);
}

async function readAll(
  bytes: Uint8Array | string,
): Promise<Record<string, { shape: number[]; values: number[] }>> {
  const file = await openTorchFile(folder.write('pytorch_model.bin', bytes));
  try {
    const out: Record<string, { shape: number[]; values: number[] }> = {};
    for (const [name, tensor] of file.tensors) {
      out[name] = { shape: [...tensor.shape], values: [...(await tensor.read())] };
    }
    return out;
  } finally {
    await file.close();
  }
}

const numbers = Array.from({ length: 60 }, (_, i) => i / 4);
const whole = floatStorage('0', numbers);
const other = floatStorage('17', [-1, -2]);
const tensors: readonly TestTensor[] = [
  { name: 'plain', storage: whole, shape: [3, 20] },
  { name: 'rows', storage: whole, offset: 20, shape: [2, 10] },
  { name: 'transposed', storage: whole, offset: 3, shape: [4, 2], strides: [1, 4] },
  { name: 'columns', storage: whole, offset: 1, shape: [3, 2], strides: [20, 5] },
  { name: 'expanded', storage: whole, offset: 8, shape: [2, 3], strides: [0, 1] },
  { name: 'scalar', storage: other, offset: 1, shape: [] },
  { name: 'empty', storage: other, shape: [0, 5] },
];
const wanted = {
  plain: { shape: [3, 20], values: numbers },
  rows: { shape: [2, 10], values: numbers.slice(20, 40) },
  transposed: { shape: [4, 2], values: [3, 7, 4, 8, 5, 9, 6, 10].map((i) => i / 4) },
  columns: { shape: [3, 2], values: [1, 6, 21, 26, 41, 46].map((i) => i / 4) },
  expanded: { shape: [2, 3], values: [8, 9, 10, 8, 9, 10].map((i) => i / 4) },
  scalar: { shape: [], values: [-2] },
  empty: { shape: [0, 5], values: [] },
};

describe('files of torch.save', () => {
  it.each([
    ['zip', torchZip(tensors)],
    ['zip, deflated', torchZip(tensors, { deflate: true })],
    ['zip with 64-bit sizes', torchZip(tensors, { zip64: true })],
    ['the form before PyTorch 1.6', torchLegacy(tensors)],
  ])('%s: plain tensors, views, scalars, empty ones', async (_, bytes) => {
    expect(await readAll(bytes)).toEqual(wanted);
  });

  it('reads fp16, bf16 and fp64, and knows whole numbers without reading them', async () => {
    const storages = {
      half: { key: '0', type: 'HalfStorage', elements: 3, bytes: Uint8Array.from([0, 0x3c, 0, 0xc0, 1, 0]) },
      brain: {
        key: '1',
        type: 'BFloat16Storage',
        elements: 2,
        bytes: Uint8Array.from([0x80, 0x3f, 0x20, 0xc1]),
      },
      double: {
        key: '2',
        type: 'DoubleStorage',
        elements: 1,
        bytes: new Uint8Array(Float64Array.of(0.1).buffer),
      },
      long: { key: '3', type: 'LongStorage', elements: 1, bytes: new Uint8Array(8) },
    };
    const list = Object.entries(storages).map(([name, storage]) => ({
      name,
      storage,
      shape: [storage.elements],
    }));
    const file = await openTorchFile(folder.write('types.bin', torchZip(list)));
    expect([...file.tensors.values()].map(({ stored }) => stored)).toEqual([
      'F16',
      'BF16',
      'F64',
      'LongStorage',
    ]);
    const read = async (name: string) => [...(await file.tensors.get(name)!.read())];
    expect(await read('half')).toEqual([1, -2, 2 ** -24]);
    expect(await read('brain')).toEqual([1, -10]);
    expect(await read('double')).toEqual([Math.fround(0.1)]);
    expect(await refusal(() => read('long'))).toContain('tensor long holds LongStorage, not real numbers');
    await file.close();
  });

  it('any view equals its elements one by one', async () => {
    const dims = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 7 })), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(dims, fc.nat(3), async (list, offset) => {
        const shape = list.map(([size]) => size);
        const strides = list.map(([, stride]) => stride);
        const storage = floatStorage(
          '0',
          Float32Array.from({ length: 140 }, (_, i) => i),
        );
        const { view } = await readAll(torchZip([{ name: 'view', storage, offset, shape, strides }]));
        const places = rowMajor(shape);
        const count = shape.reduce((product, size) => product * size, 1);
        const one = (i: number) =>
          places.reduce(
            (at, place, dim) => at + (Math.floor(i / place) % shape[dim]!) * strides[dim]!,
            offset,
          );
        expect(view!.values).toEqual(Array.from({ length: count }, (_, i) => one(i)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('files that are refused', () => {
  const reading = (bytes: Uint8Array | string) => refusal(() => readAll(bytes));

  it.each([
    ['an empty file', '', 'it is empty'],
    ['a web page', '<!doctype html><title>Sign in</title>', 'looks like a web page'],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n',
      'Git LFS pointer',
    ],
    ['something else', 'GGUF and then some', 'not written by torch.save'],
    [
      'an archive without a pickle',
      torchZipOf(new Uint8Array(0), [{ name: 'data.pkl', data: new Uint8Array(0) }]),
      'truncated',
    ],
    [
      'a pickle that is no dict',
      torchZipOf(new PickleWriter().proto().int(3).done()),
      'contains no state dict',
    ],
    [
      'big-endian data',
      torchZipOf(new PickleWriter().proto().orderedDict().done(), [
        { name: 'byteorder', data: Buffer.from('big') },
      ]),
      'byte order is big',
    ],
    [
      'an archive with a hostile pickle',
      torchZipOf(Buffer.from('cos\nsystem\n(X\x02\0\0\0idtR.')),
      'asks for “os.system”',
    ],
  ])('%s', async (_, bytes, words) => {
    const message = await reading(bytes);
    expect(message).toContain('pytorch_model.bin');
    expect(message).toContain(words);
  });

  it('a checkpoint of a training run, which holds its state dict one level down', async () => {
    const pickle = new PickleWriter()
      .proto()
      .op(0x7d)
      .mark()
      .text('epoch')
      .int(3)
      .text('model')
      .orderedDict();
    expect(await reading(torchZipOf(pickle.op(0x75).done()))).toMatch(
      /no tensors at the top level; it has epoch, model/,
    );
  });

  it('a view that leaves its storage, and a storage that is missing or too short', async () => {
    const outside = { name: 'w', storage: whole, offset: 41, shape: [2, 10] };
    expect(await reading(torchZip([outside]))).toContain('tensor w reaches beyond its storage (60 elements)');
    const huge = { name: 'w', storage: whole, shape: [2, 2], strides: [Number.MAX_SAFE_INTEGER, 1] };
    expect(await reading(torchZip([huge]))).toContain('tensor w reaches beyond its storage');
    const short = { ...whole, bytes: whole.bytes.subarray(0, 200) };
    expect(await reading(torchZip([{ name: 'w', storage: short, shape: [60] }]))).toContain('cut short');
    const pickle = new PickleWriter().proto().orderedDict().mark().text('w');
    pickle.tensor({ type: 'FloatStorage', key: '5', elements: 1 }, 0, [1], [1]).op(0x75);
    expect(await reading(torchZipOf(pickle.done()))).toContain(
      'tensor w lies in storage 5, which is not in the file',
    );
  });

  it('an old file whose storages do not fit', async () => {
    expect(await reading(torchLegacy(tensors, 'some'))).toContain('not a tensor’s storage');
    const cut = torchLegacy(tensors);
    expect(await reading(cut.subarray(0, cut.length - 9))).toContain('truncated');
    expect(await reading(cut.subarray(0, cut.length - 1))).toContain('cut short');
  });

  it('damaged and truncated files end in tensors or in a RankscopeError, and never hang', async () => {
    const bases = [
      torchZip(tensors),
      torchZip(tensors, { deflate: true, zip64: true }),
      torchLegacy(tensors),
    ];
    const change = fc.tuple(fc.nat(), fc.nat(255));
    const damaged = fc
      .tuple(fc.constantFrom(...bases), fc.array(change, { maxLength: 5 }), fc.option(fc.nat()))
      .map(([base, changes, cut]) => {
        const bytes = Uint8Array.from(base);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
      });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 6, arbitrary: damaged }, fc.uint8Array({ maxLength: 300 })),
        async (bytes) => {
          await readAll(bytes).catch((error) => expect(error).toBeInstanceOf(RankscopeError));
        },
      ),
      { numRuns: 400 },
    );
  });
});
