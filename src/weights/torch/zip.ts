/**
 * The directory of a zip archive and its entries, stored or deflated, with 64-bit sizes
 * (PKWARE APPNOTE.TXT 4.3, 4.4, 4.5.3). Only the directory is believed, and only as far as the file
 * bears it out.
 */

import { createCRC32 } from 'hash-wasm';
import { bad } from '../../bytes/byte-errors.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { joinPieces } from '../../bytes/read.ts';
import { messageOf } from '../../errors.ts';
import { inflateRaw } from './inflate-raw.ts';
import { type DirectoryEntry, readDirectory } from './zip-directory.ts';

/** Deflated entries are unpacked in memory; weights are stored. */
const LARGEST_DEFLATED = 2 ** 31 - 1;
const LOCAL_HEADER = 0x04034b50;

export class ZipEntry implements ByteSource {
  readonly name: string;
  readonly size: number;
  private readonly file: ByteSource;
  private readonly entry: DirectoryEntry;
  private start: number | undefined;

  constructor(file: ByteSource, entry: DirectoryEntry) {
    this.file = file;
    this.entry = entry;
    this.name = entry.name;
    this.size = entry.size;
  }

  /** Bytes of memory that reading any part of it takes for a while. */
  get scratch(): number {
    return this.entry.method === 0 ? 0 : this.size + this.entry.packedSize;
  }

  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    for await (const piece of this.pieces(start, start + length)) parts.push(piece.slice());
    return joinPieces(parts);
  }

  /** Checks the CRC when all of the entry is read; a CRC of 0 means that the writer left it out. */
  async *pieces(start: number, end: number): AsyncGenerator<Uint8Array> {
    if (start < 0 || end > this.size) throw this.bad(`it has ${this.size} bytes, byte ${end} is asked for`);
    this.start ??= await this.dataStart();
    if (this.entry.method !== 0) {
      yield (await this.inflated(this.start)).subarray(start, end);
      return;
    }
    const whole = start === 0 && end === this.size && this.entry.crc !== 0;
    const crc = whole ? await crcHasher() : undefined;
    for await (const piece of this.file.pieces(this.start + start, this.start + end)) {
      crc?.update(piece);
      yield piece;
    }
    if (crc) this.checkCrc(crc.digest());
  }

  /** The archive is closed by who opened it. */
  async close(): Promise<void> {}

  private async inflated(start: number): Promise<Uint8Array> {
    const { packedSize } = this.entry;
    if (this.size > LARGEST_DEFLATED) throw this.bad('it is deflated and larger than 2 GiB');
    const packed = await this.file.read(start, packedSize);
    let bytes: Uint8Array;
    try {
      bytes = inflateRaw(packed, this.size);
    } catch (error) {
      throw this.bad(`it cannot be unpacked (${messageOf(error)})`);
    }
    if (bytes.length !== this.size) {
      throw this.bad(`it unpacks to ${bytes.length} bytes, not ${this.size}`);
    }
    const crc = await crcHasher();
    crc.update(bytes);
    this.checkCrc(crc.digest());
    return bytes;
  }

  private checkCrc(crc: number): void {
    if (this.entry.crc !== 0 && crc !== this.entry.crc) {
      throw this.bad('its checksum is wrong: the file is damaged, download it again');
    }
  }

  /** Where the data begins: behind the local header, whose extra field has a length of its own. */
  private async dataStart(): Promise<number> {
    const { headerAt, packedSize, nameBytes } = this.entry;
    const head = await this.file.read(headerAt, 30 + nameBytes.length);
    const view = new DataView(head.buffer);
    const sameName =
      view.getUint32(0, true) === LOCAL_HEADER &&
      view.getUint16(26, true) === nameBytes.length &&
      nameBytes.every((byte, i) => byte === head[30 + i]);
    if (!sameName) throw this.bad('its header is not where the directory says: the file is damaged');
    const start = headerAt + 30 + nameBytes.length + view.getUint16(28, true);
    if (start + packedSize > this.file.size)
      throw this.bad('it lies outside the file: the file is truncated');
    return start;
  }

  private bad(what: string) {
    return bad(this.file.name, `entry ${this.name}: ${what}`);
  }
}

async function crcHasher() {
  const hasher = await createCRC32();
  hasher.init();
  return {
    update(bytes: Uint8Array): void {
      hasher.update(bytes);
    },
    digest: () => Number.parseInt(hasher.digest('hex'), 16),
  };
}

/** All entries by name. @throws RankscopeError 'bad-checkpoint' for what is damaged or not understood. */
export async function openZip(file: ByteSource): Promise<Map<string, ZipEntry>> {
  const entries = new Map<string, ZipEntry>();
  for (const entry of await readDirectory(file)) {
    if (entries.has(entry.name)) throw bad(file.name, `it has two entries named ${entry.name}`);
    entries.set(entry.name, new ZipEntry(file, entry));
  }
  return entries;
}
