/** What every source and folder must do, whatever stands behind it. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteFile } from '../../trainer/node/byte-file.ts';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { refusal, temporaryFolder } from '../../trainer/testing/temporary.ts';
import { BlobFolder } from '../sources/blob-folder.ts';
import { blobSource } from './blob-source.ts';
import type { ByteSource } from './byte-source.ts';
import { memoryFolder, memorySource, memoryWriter } from './memory.ts';
import { partOf } from './range.ts';
import { readAll, readFile, readTextFile } from './read.ts';
import { sha256, sourceDigest } from './sha256.ts';

const temporary = temporaryFolder();
// More than one piece.
const bytes = new Uint8Array(9 * 2 ** 20 + 5).map((_, i) => (i * 31) % 251);
const path = temporary.write('a.bin', bytes);

const sources: Readonly<Record<string, () => ByteSource | Promise<ByteSource>>> = {
  memory: () => memorySource('a.bin', bytes),
  Blob: () => blobSource('a.bin', new Blob([bytes])),
  'a file of Node': () => ByteFile.open(path),
  'a part of another': () => {
    const around = new Uint8Array(bytes.length + 20);
    around.set(bytes, 7);
    return partOf(memorySource('a.bin', around), 7, bytes.length);
  },
};

describe.each(Object.entries(sources))('%s', (_name, open) => {
  it('gives exactly the bytes asked for, and all of them in pieces', async () => {
    const source = await open();
    expect(source.size).toBe(bytes.length);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), fc.nat(300), async (start, length) => {
        const end = Math.min(bytes.length, start + length);
        expect(await source.read(start, end - start)).toEqual(bytes.slice(start, end));
      }),
      { numRuns: 30 },
    );
    expect(Buffer.compare(await readAll(source), bytes)).toBe(0);
    const sizes: number[] = [];
    for await (const piece of source.pieces(3, bytes.length)) sizes.push(piece.length);
    expect(sizes.slice(0, -1).every((size) => size % 8 === 0)).toBe(true);
    await source.close();
  });

  it('refuses bytes that are not there', async () => {
    const source = await open();
    expect(await refusal(() => source.read(bytes.length - 1, 2))).toMatch(/a\.bin: it ends before byte/);
    expect(await refusal(() => source.pieces(0, bytes.length + 1).next())).toMatch(/a\.bin: it ends before/);
    await source.close();
  });

  it('has the digest of its bytes', async () => {
    const source = await open();
    expect(await sourceDigest(source)).toBe(createHash('sha256').update(bytes).digest('hex'));
    await source.close();
  });
});

const folders = {
  memory: memoryFolder('x/', new Map([['onnx/a.txt', new TextEncoder().encode('ä')]])),
  Blobs: new BlobFolder('x/', [{ path: 'onnx/a.txt', size: 2, blob: new Blob(['ä']) }]),
};

describe.each(Object.entries(folders))('a folder of %s', (_name, folder) => {
  it('lists and opens its files, and names what is missing', async () => {
    expect(await folder.list()).toMatchObject([{ path: 'onnx/a.txt', size: 2 }]);
    expect(await readTextFile(folder, 'onnx/a.txt')).toBe('ä');
    expect(await refusal(() => folder.open('b'))).toMatch(/x\/b (is missing|cannot be read)/);
  });
});

it('a folder of Node lists what lies in it and below, without hidden files', async () => {
  const { mkdirSync } = await import('node:fs');
  mkdirSync(`${temporary.path}/list/onnx/.git`, { recursive: true });
  temporary.write('list/onnx/a', 'abc');
  temporary.write('list/.hidden', 'abc');
  const folder = nodeFolder(`${temporary.path}/list`);
  expect(await folder.list()).toEqual([{ path: 'onnx/a', size: 3 }]);
  expect(await refusal(() => folder.open('b'))).toMatch(/list\/b cannot be read: there is no such file/);
  expect(await refusal(() => nodeFolder(`${temporary.path}/none`).list())).toMatch(/none cannot be read/);
});

it('a folder written into memory shows nothing before commit, and says what was written', async () => {
  const writer = memoryWriter('out/');
  const sink = await writer.create('a');
  const piece = Uint8Array.of(1, 2);
  await sink.write(piece);
  piece.fill(9); // the caller's again
  await sink.write(piece);
  expect(await sink.close()).toEqual({ bytes: 4, sha256: await sha256(Uint8Array.of(1, 2, 9, 9)) });
  expect([...(await readAll(await writer.open('a')))]).toEqual([1, 2, 9, 9]);
  expect(writer.files.size).toBe(0);
  await writer.commit();
  expect([...(await readFile(memoryFolder('out/', writer.files), 'a'))]).toEqual([1, 2, 9, 9]);
});
