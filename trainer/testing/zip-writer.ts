/** Zip archives for tests, as torch.save writes them and as others may: stored or deflated, with 64-bit fields. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFile {
  readonly name: string;
  readonly data: Uint8Array;
}

export interface ZipOptions {
  readonly deflate?: boolean;
  /** Sizes and places in 64-bit fields, as in archives beyond 4 GiB. */
  readonly zip64?: boolean;
  readonly comment?: string;
  /** Bytes of padding in every local header's extra field, as torch aligns data. */
  readonly padding?: number;
  /** Leave checksums out (0). */
  readonly noCrc?: boolean;
}

const FULL = 0xffffffff;

export function writeZip(files: readonly ZipFile[], options: ZipOptions = {}): Uint8Array {
  const { deflate = false, zip64 = false, padding = 0 } = options;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (...buffers: Buffer[]) => {
    for (const buffer of buffers) {
      parts.push(buffer);
      at += buffer.length;
    }
  };
  for (const { name, data } of files) {
    const packed = deflate ? deflateRawSync(data) : Buffer.from(data);
    const crc = options.noCrc ? 0 : crc32(data);
    const nameBytes = Buffer.from(name);
    const headerAt = at;
    const fields = [u16(deflate ? 8 : 0), u32(0), u32(crc)];
    const sizes = zip64 ? [u32(FULL), u32(FULL)] : [u32(packed.length), u32(data.length)];
    add(u32(0x04034b50), u16(20), u16(0x800), ...fields, ...sizes);
    add(u16(nameBytes.length), u16(padding), nameBytes, Buffer.alloc(padding), packed);
    const wide = zip64
      ? Buffer.concat([u64(data.length), u64(packed.length), u64(headerAt)])
      : Buffer.alloc(0);
    // Another field comes first, so that readers must look for theirs.
    const extra = zip64
      ? Buffer.concat([u16(0x5455), u16(1), Buffer.alloc(1), u16(1), u16(wide.length), wide])
      : wide;
    directory.push(
      Buffer.concat([
        ...[u32(0x02014b50), u16(45), u16(45), u16(0x800), ...fields, ...sizes],
        ...[u16(nameBytes.length), u16(extra.length), u16(0), u16(0), u16(0), u32(0)],
        ...[u32(zip64 ? FULL : headerAt), nameBytes, extra],
      ]),
    );
  }
  const start = at;
  add(...directory);
  const size = at - start;
  const count = files.length;
  if (zip64) {
    const recordAt = at;
    add(
      u32(0x06064b50),
      u64(44),
      u16(45),
      u16(45),
      u32(0),
      u32(0),
      u64(count),
      u64(count),
      u64(size),
      u64(start),
    );
    add(u32(0x07064b50), u32(0), u64(recordAt), u32(1));
  }
  const comment = Buffer.from(options.comment ?? '');
  const [counts, place] = zip64 ? [u16(0xffff), u32(FULL)] : [u16(count), u32(start)];
  add(u32(0x06054b50), u16(0), u16(0), counts, counts, zip64 ? u32(FULL) : u32(size), place);
  add(u16(comment.length), comment);
  return Buffer.concat(parts);
}

function u16(value: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16LE(value);
  return out;
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value >>> 0);
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}
