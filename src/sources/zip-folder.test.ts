import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DirectoryHandle,
  type FileHandle,
  localFromDrop,
  localFromFiles,
  localFromHandle,
} from './local-files.ts';
import { ZipFolder } from './zip-folder.ts';

const text = (value: string) => new TextEncoder().encode(value);
const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 2654435761) >>> 13);

async function zipOf(files: Readonly<Record<string, Uint8Array>>, level = 6): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  for (const [path, bytes] of Object.entries(files))
    await writer.add(path, new Uint8ArrayReader(bytes), { level });
  return writer.close();
}

/** Replaces bytes wherever they stand: in the entry’s header and in the directory. */
async function forged(zip: Blob, from: Uint8Array, to: Uint8Array): Promise<Blob> {
  const bytes = Buffer.from(await zip.arrayBuffer());
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.set(to, at);
  return new Blob([bytes]);
}

const all = async (folder: ZipFolder, path: string) => {
  const source = await folder.open(path);
  const parts: Uint8Array[] = [];
  for await (const piece of source.pieces(0, source.size)) parts.push(Uint8Array.from(piece));
  return Buffer.concat(parts);
};

describe('a zip', () => {
  it.each([0, 6])(
    'gives the bytes of its entries by position and in pieces, packed at level %i',
    async (level) => {
      const weights = noise(300_000);
      const zip = await zipOf({ 'mine/ranker.json': text('{}'), 'mine/onnx/a.onnx': weights }, level);
      const folder = new ZipFolder('mine.zip', zip);
      expect((await folder.list()).map(({ path, size }) => [path, size])).toEqual([
        ['ranker.json', 2],
        ['onnx/a.onnx', 300_000],
      ]);
      // Compared as a whole: a matcher would take seconds.
      expect((await all(folder, 'onnx/a.onnx')).equals(weights)).toBe(true);
      const source = await folder.open('onnx/a.onnx');
      await fc.assert(
        fc.asyncProperty(fc.nat(299_999), fc.nat(5000), async (start, length) => {
          const end = Math.min(300_000, start + length);
          expect(await source.read(start, end - start)).toEqual(weights.slice(start, end));
        }),
        { numRuns: 30 },
      );
      await source.close();
      await expect(source.read(299_999, 2)).rejects.toMatchObject({ code: 'bad-checkpoint' });
      await expect(folder.open('none')).rejects.toMatchObject({ code: 'missing' });
    },
  );

  it('leaves out what systems put beside files', async () => {
    const zip = await zipOf({
      '__MACOSX/a/._x': text('x'),
      'a/.DS_Store': text('x'),
      'a/config.json': text('{}'),
    });
    expect(await new ZipFolder('a.zip', zip).list()).toEqual([{ path: 'config.json', size: 2 }]);
  });

  it.each(['../evil', '..\\evil', '/abs/xx', 'C:/evil', 'a//evil', 'a\u0000vil'])(
    'refuses the path %j',
    async (path) => {
      const held = 'x'.repeat(path.length);
      const zip = await forged(await zipOf({ [held]: text('x') }), text(held), text(path));
      await expect(new ZipFolder('x.zip', zip).list()).rejects.toMatchObject({ code: 'bad-input' });
    },
  );

  it('refuses bombs, entries that lie about their size, and damage', async () => {
    const bomb = await zipOf({ 'model.bin': new Uint8Array(8_000_000) });
    expect(bomb.size).toBeLessThan(20_000);
    await expect(new ZipFolder('bomb.zip', bomb).list()).rejects.toThrow(
      /would grow from \d+ bytes to 8000000/,
    );

    const size = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
    const content = text('abc '.repeat(3001));
    const honest = await zipOf({ 'tokenizer.json': content });
    for (const other of [content.length - 1000, content.length + 1000]) {
      const liar = new ZipFolder('liar.zip', await forged(honest, size(content.length), size(other)));
      await expect(all(liar, 'tokenizer.json')).rejects.toMatchObject({
        code: expect.stringMatching(/^bad-/),
      });
    }
    const stored = await zipOf({ a: noise(1000) });
    const bent = Buffer.from(await stored.arrayBuffer());
    bent[500] = bent[500]! ^ 255;
    await expect(all(new ZipFolder('bent.zip', new Blob([bent])), 'a')).rejects.toMatchObject({
      code: expect.stringMatching(/^bad-/),
    });
    for (const part of [stored.slice(0, stored.size - 30), new Blob(['hello']), new Blob([])]) {
      await expect(new ZipFolder('cut.zip', part).list()).rejects.toMatchObject({ code: 'bad-input' });
    }
  });
});

it('whatever is damaged in a zip, it gives the same bytes or says so', async () => {
  const content = { 'a.json': text('{"a": 1}'.repeat(40)), 'b/c.bin': noise(500) };
  const whole = Buffer.from(await (await zipOf(content)).arrayBuffer());
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(whole.length), async (bytes, cut) => {
      const bent = Buffer.from(whole);
      for (const [at, value] of bytes) bent[at] = value;
      try {
        const folder = new ZipFolder('x.zip', new Blob([cut % 3 === 0 ? bent.subarray(0, cut) : bent]));
        for (const { path } of await folder.list()) {
          const read = await all(folder, path);
          // Names and sizes are not covered by a checksum, contents that were packed are.
          const same = content[path as keyof typeof content];
          if (same && path.endsWith('.json') && read.length === same.length)
            expect(read.equals(same)).toBe(true);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(bad-input|bad-checkpoint|missing)$/) });
      }
    }),
    { numRuns: 150 },
  );
});

describe('what is dropped', () => {
  const file = (name: string, webkitRelativePath = '') =>
    Object.assign(new File([name], name), { webkitRelativePath });

  it('is a zip, or the files of a folder without the folder', async () => {
    expect(localFromFiles([file('a.zip')])).toMatchObject({ kind: 'zip', name: 'a.zip' });
    const picked = localFromFiles([
      file('config.json', 'm/config.json'),
      file('x', 'm/onnx/x'),
      file('y', 'm/.git/y'),
    ]);
    expect(picked).toMatchObject({
      kind: 'folder',
      name: 'm',
      files: [{ path: 'config.json' }, { path: 'onnx/x' }],
    });
    expect(() => localFromFiles([])).toThrow(/no files/);
  });

  it('is a folder that was picked by its handle', async () => {
    const handle = (name: string, entries: readonly (DirectoryHandle | FileHandle)[]): DirectoryHandle => ({
      kind: 'directory',
      name,
      async *values() {
        yield* entries;
      },
    });
    const leaf = (name: string): FileHandle => ({ kind: 'file', name, getFile: async () => file(name) });
    const picked = handle('m', [
      leaf('config.json'),
      handle('onnx', [leaf('a.onnx')]),
      handle('.git', [leaf('x')]),
    ]);
    expect(await localFromHandle(picked)).toMatchObject({
      name: 'm',
      files: [{ path: 'config.json', size: 11 }, { path: 'onnx/a.onnx' }],
    });
    await expect(localFromHandle(handle('empty', []))).rejects.toThrow(/empty: there are no files/);
  });

  it('is read to the end, though entries come a hundred at a time', async () => {
    const entries = Array.from({ length: 250 }, (_, i) => ({
      name: `f${i}`,
      fullPath: `/m/f${i}`,
      isFile: true,
      isDirectory: false,
      file: (give: (one: File) => void) => give(file(`f${i}`)),
    }));
    let given = 0;
    const folder = {
      name: 'm',
      fullPath: '/m',
      isFile: false,
      isDirectory: true,
      createReader: () => ({
        readEntries: (give: (some: typeof entries) => void) => {
          given += 100;
          give(entries.slice(given - 100, given));
        },
      }),
    };
    const local = await localFromDrop([folder]);
    expect(local.kind === 'folder' && local.files.map(({ path }) => path)).toEqual(
      entries.map(({ name }) => name),
    );
  });
});
