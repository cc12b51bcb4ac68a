import { mkdirSync } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ByteFile } from '../../trainer/node/byte-file.ts';
import { refusal, temporaryFolder } from '../../trainer/testing/temporary.ts';
import { safetensorsFile } from './safetensors-file.ts';

const folder = temporaryFolder();

const openSafetensors = async (path: string) => safetensorsFile(await ByteFile.open(path));

describe('files read by position', () => {
  it('finds a tensor behind 4 GiB of others (a file with a hole)', async () => {
    const filler = 4 * 1_200_000_000;
    const header = JSON.stringify({
      filler: { dtype: 'F32', shape: [1_200_000_000], data_offsets: [0, filler] },
      last: { dtype: 'BF16', shape: [2], data_offsets: [filler, filler + 4] },
    });
    const head = Buffer.alloc(8 + header.length);
    head.writeBigUInt64LE(BigInt(header.length));
    head.write(header, 8);
    const path = folder.write('large.safetensors', head);
    await truncate(path, head.length + filler + 4);
    const handle = await open(path, 'r+');
    await handle.write(Uint8Array.from([0x80, 0x3f, 0x40, 0xc0]), 0, 4, head.length + filler);
    await handle.close();
    const file = await openSafetensors(path);
    expect([...(await file.tensors.get('last')!.read())]).toEqual([1, -3]);
    expect(file.bytes).toBeGreaterThan(2 ** 32);
    await file.close();
  });

  it('goes through pieces without splitting a number', async () => {
    const data = new Uint8Array(20_000_000).map((_, i) => i % 251);
    const file = await ByteFile.open(folder.write('data', data));
    let at = 12;
    const sizes: number[] = [];
    for await (const piece of file.pieces(12, data.length)) {
      sizes.push(piece.length);
      expect(Buffer.compare(piece, data.subarray(at, at + piece.length))).toBe(0);
      at += piece.length;
    }
    expect(at).toBe(data.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.slice(0, -1).every((size) => size % 8 === 0)).toBe(true);
    await file.close();
  });

  it('says so when a file ends early, becomes shorter, or is a folder', async () => {
    const path = folder.write('short', new Uint8Array(100));
    const file = await ByteFile.open(path);
    expect(await refusal(() => file.read(90, 20))).toContain('short: it ends before byte 110');
    await truncate(path, 50);
    expect(await refusal(() => file.read(0, 100))).toContain('became shorter while it was read');
    await file.close();
    mkdirSync(join(folder.path, 'model.safetensors'));
    expect(await refusal(() => openSafetensors(join(folder.path, 'model.safetensors')))).toContain(
      'it is not a file',
    );
  });

  it.each([0, 5, 8, 40])('a file of %i bytes is no safetensors file', async (length) => {
    const path = folder.write('tiny.safetensors', new Uint8Array(length));
    expect(await refusal(() => openSafetensors(path))).toContain('tiny.safetensors: ');
  });
});
