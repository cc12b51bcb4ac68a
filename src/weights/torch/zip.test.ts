import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteFile } from '../../../trainer/node/byte-file.ts';
import { refusal, temporaryFolder } from '../../../trainer/testing/temporary.ts';
import { writeZip, type ZipOptions } from '../../../trainer/testing/zip-writer.ts';
import { RankscopeError } from '../../errors.ts';
import { openZip } from './zip.ts';

const folder = temporaryFolder();
const files = [
  { name: 'a/first', data: new Uint8Array(5000).fill(7) },
  { name: 'a/empty', data: new Uint8Array(0) },
  { name: 'a/ünïcode', data: Uint8Array.from({ length: 300 }, (_, i) => i) },
];

async function readAll(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const file = await ByteFile.open(folder.write('test.zip', bytes));
  try {
    const out = new Map<string, Uint8Array>();
    for (const [name, entry] of await openZip(file))
      out.set(name, new Uint8Array(await entry.read(0, entry.size)));
    return out;
  } finally {
    await file.close();
  }
}

const wanted = new Map(files.map(({ name, data }) => [name, data]));

describe('zip archives', () => {
  const kinds: readonly (readonly [string, ZipOptions])[] = [
    ['stored', {}],
    ['deflated', { deflate: true }],
    ['stored with 64-bit sizes', { zip64: true }],
    ['deflated with 64-bit sizes', { zip64: true, deflate: true }],
    ['with aligned data', { padding: 61 }],
    ['with a comment', { comment: 'PK\x05\x06 written by hand' }],
    ['without checksums', { noCrc: true }],
  ];
  it.each(kinds)('%s', async (_, options) => {
    expect(await readAll(writeZip(files, options))).toEqual(wanted);
  });

  it.each([{}, { deflate: true }])('reads a part of an entry (%o)', async (options) => {
    const file = await ByteFile.open(folder.write('part.zip', writeZip(files, options)));
    const entry = (await openZip(file)).get('a/ünïcode')!;
    const parts: number[] = [];
    for await (const piece of entry.pieces(250, 260)) parts.push(...piece);
    expect(parts).toEqual([250, 251, 252, 253, 254, 255, 0, 1, 2, 3]);
    expect(await refusal(async () => entry.pieces(299, 301).next())).toContain('it has 300 bytes');
    await file.close();
  });

  it.each([{}, { deflate: true }])('finds a damaged byte by the checksum (%o)', async (options) => {
    const bytes = writeZip(files, options);
    // Inside the data of the first entry: behind its header of 30 bytes and its name.
    bytes[30 + 7 + 5]! ^= 0xff;
    expect(await refusal(() => readAll(bytes))).toMatch(
      /a\/first: (its checksum is wrong|it cannot be unpacked|it unpacks)/,
    );
  });

  it('refuses two entries of a name', async () => {
    expect(await refusal(() => readAll(writeZip([files[0]!, files[0]!])))).toContain(
      'two entries named a/first',
    );
  });

  it('refuses an entry that says it is larger than the file', async () => {
    const bytes = writeZip([files[0]!]);
    const directory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(
      'PK\x01\x02',
      0,
      'latin1',
    );
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (const at of [20, 24]) view.setUint32(directory + at, 2_000_000_000, true);
    expect(await refusal(() => readAll(bytes))).toContain('larger than the file can hold');
  });

  it('refuses a bomb: more than deflate can hold, or more than the directory says', async () => {
    const bytes = writeZip([{ name: 'bomb', data: new Uint8Array(3_000_000) }], { deflate: true });
    const directory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(
      'PK\x01\x02',
      0,
      'latin1',
    );
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    view.setUint32(directory + 24, 4_000_000_000, true);
    expect(await refusal(() => readAll(bytes))).toContain('larger than the file can hold');
    view.setUint32(directory + 24, 1000, true);
    expect(await refusal(() => readAll(bytes))).toContain('cannot be unpacked');
  });

  it('says that a file without its end is truncated', async () => {
    const bytes = writeZip(files);
    for (let length = 4; length < bytes.length; length += 37) {
      expect(await refusal(() => readAll(bytes.subarray(0, length)))).toContain('truncated');
    }
  });

  it('random bytes and random changes end in entries or in a RankscopeError', async () => {
    const bases = kinds.map(([, options]) => writeZip(files, options));
    const change = fc.tuple(fc.nat(), fc.nat(255));
    const damaged = fc
      .tuple(fc.constantFrom(...bases), fc.array(change, { minLength: 1, maxLength: 6 }), fc.option(fc.nat()))
      .map(([base, changes, cut]) => {
        const bytes = Uint8Array.from(base);
        // Mostly in the directory and the end record, where the numbers are.
        for (const [at, value] of changes)
          bytes[bytes.length - 1 - (at % Math.min(400, bytes.length))] = value;
        return cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
      });
    const anything = fc.oneof({ weight: 5, arbitrary: damaged }, fc.uint8Array({ maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        await readAll(bytes).catch((error) => expect(error).toBeInstanceOf(RankscopeError));
      }),
      { numRuns: 500 },
    );
  });
});
