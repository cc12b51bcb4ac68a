/** The central directory of a zip archive, found from the file's end. */
import { bad } from '../../bytes/byte-errors.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  /** 0 = stored, 8 = deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly headerAt: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LONGEST_COMMENT = 0xffff;
/** A directory of a model has a few thousand entries at most; this is room for a million. */
const LARGEST_DIRECTORY = 128 * 2 ** 20;
/** The most that deflate can shrink: a larger claim is a lie, not an archive. */
const DEFLATE_LIMIT = 1032;
const FULL_16 = 0xffff;
const FULL_32 = 0xffffffff;

/** @throws RankscopeError 'bad-checkpoint' when the file is not a whole zip archive. */
export async function readDirectory(file: ByteSource): Promise<DirectoryEntry[]> {
  const { at, size, count } = await findDirectory(file);
  if (size > LARGEST_DIRECTORY || at + size > file.size || count * ENTRY_BYTES > size) {
    throw bad(file.name, 'the directory of its zip archive lies outside the file: the file is damaged');
  }
  const bytes = await file.read(at, size);
  const entries: DirectoryEntry[] = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    const { entry, length } = parseEntry(bytes, next, file);
    entries.push(entry);
    next += length;
  }
  return entries;
}

interface Place {
  readonly at: number;
  readonly size: number;
  readonly count: number;
}

async function findDirectory(file: ByteSource): Promise<Place> {
  const tailAt = Math.max(0, file.size - END_BYTES - LONGEST_COMMENT);
  const tail = await file.read(tailAt, file.size - tailAt);
  const view = new DataView(tail.buffer);
  for (let i = tail.length - END_BYTES; i >= 0; i--) {
    const found =
      view.getUint32(i, true) === END && i + END_BYTES + view.getUint16(i + 20, true) === tail.length;
    if (!found) continue;
    const place = {
      count: view.getUint16(i + 10, true),
      size: view.getUint32(i + 12, true),
      at: view.getUint32(i + 16, true),
    };
    const large = place.count === FULL_16 || place.size === FULL_32 || place.at === FULL_32;
    return large ? ((await find64(file, tailAt + i)) ?? place) : place;
  }
  throw bad(file.name, 'the end of its zip archive is missing: the file is truncated, download it again');
}

/** The 64-bit directory's place, named by a locator just before the end record. */
async function find64(file: ByteSource, endAt: number): Promise<Place | undefined> {
  if (endAt < 20) return undefined;
  const locator = new DataView((await file.read(endAt - 20, 20)).buffer);
  if (locator.getUint32(0, true) !== LOCATOR_64) return undefined;
  const recordAt = whole(locator.getBigUint64(8, true), file.name);
  const record = new DataView((await file.read(recordAt, 56)).buffer);
  if (record.getUint32(0, true) !== END_64) throw bad(file.name, 'the end of its zip archive is damaged');
  return {
    count: whole(record.getBigUint64(32, true), file.name),
    size: whole(record.getBigUint64(40, true), file.name),
    at: whole(record.getBigUint64(48, true), file.name),
  };
}

function parseEntry(bytes: Uint8Array<ArrayBuffer>, at: number, { name: path, size: fileSize }: ByteSource) {
  const damaged = () => bad(path, `the directory of its zip archive is damaged at byte ${at}`);
  if (at + ENTRY_BYTES > bytes.length) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const lengths = [28, 30, 32].map((offset) => view.getUint16(offset, true));
  const [nameLength, extraLength, commentLength] = lengths as [number, number, number];
  const length = ENTRY_BYTES + nameLength + extraLength + commentLength;
  if (view.getUint32(0, true) !== ENTRY || at + length > bytes.length) throw damaged();
  const nameBytes = bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
  const name = new TextDecoder().decode(nameBytes);
  const extraAt = at + ENTRY_BYTES + nameLength;
  const [size, packedSize, headerAt] = widened(
    [view.getUint32(24, true), view.getUint32(20, true), view.getUint32(42, true)],
    bytes.subarray(extraAt, extraAt + extraLength),
    path,
  );
  const method = view.getUint16(10, true);
  if ((view.getUint16(8, true) & 1) !== 0) throw bad(path, `entry ${name} is encrypted`);
  if (method !== 0 && method !== 8)
    throw bad(path, `entry ${name} is packed by method ${method}, not by deflate`);
  if (method === 0 && size !== packedSize)
    throw bad(path, `entry ${name} has two sizes: the file is damaged`);
  if (headerAt + packedSize > fileSize || size > DEFLATE_LIMIT * packedSize + 64) {
    throw bad(path, `entry ${name} is larger than the file can hold: the file is truncated or damaged`);
  }
  const crc = view.getUint32(16, true);
  const entry: DirectoryEntry = { name, nameBytes, method, crc, packedSize, size, headerAt };
  return { entry, length };
}

/** Sizes and place of an entry; those that are all ones stand, in this order, in extra field 1. */
function widened(fields: readonly [number, number, number], extra: Uint8Array, path: string) {
  if (!fields.includes(FULL_32)) return fields;
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + view.getUint16(at + 2, true));
    let next = at + 4;
    return fields.map((field) => {
      if (field !== FULL_32 || next + 8 > end) return field;
      next += 8;
      return whole(view.getBigUint64(next - 8, true), path);
    }) as unknown as readonly [number, number, number];
  }
  return fields;
}

function whole(value: bigint, path: string): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw bad(path, 'its zip archive has impossible sizes: the file is damaged');
}
