/**
 * A zip as a folder. Only its directory is read at first, then entries by ranges of the Blob: nothing is unpacked as a
 * whole. Stored entries (weights usually are) are read by position; packed ones from front to back.
 */
import { BlobReader, configure, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import { blobSource } from '../bytes/blob-source.ts';
import type { ByteSource, FolderReader } from '../bytes/byte-source.ts';
import { RankscopeError, throwIfCancelled } from '../errors.ts';
import { shown } from '../json-text.ts';
import { isLitter, MOST_FILES, type SourceFile, safePath, withoutCommonFolder } from './source-file.ts';
import { streamedBytes } from './streamed-bytes.ts';

// Its own workers would be started from a blob; ours are workers already.
configure({ useWebWorkers: false });

/** Weights shrink to three quarters, texts to a fifth; what shrinks to less than this grows for no good reason. */
const MOST_GROWTH = 200;
/** Entries that are smaller than this unpacked are no danger, however well they shrink. */
const HARMLESS = 2 ** 20;
const STORED = 0;
const DEFLATED = 8;

interface ZipFile extends SourceFile {
  readonly entry: FileEntry;
}

export class ZipFolder implements FolderReader {
  readonly name: string;
  readonly #blob: Blob;
  #files: Promise<readonly ZipFile[]> | undefined;

  /** @param name for messages, e.g. `student.zip`. */
  constructor(name: string, blob: Blob) {
    this.name = `${name}/`;
    this.#blob = blob;
  }

  /** @throws RankscopeError 'bad-input' for what is no zip, damaged, encrypted, hostile or empty. */
  async list(signal?: AbortSignal): Promise<readonly SourceFile[]> {
    const files = await this.#entries();
    throwIfCancelled(signal);
    return files.map(({ path, size }) => ({ path, size }));
  }

  async open(path: string, signal?: AbortSignal): Promise<ByteSource> {
    const file = (await this.#entries()).find((one) => one.path === path);
    throwIfCancelled(signal);
    if (!file) throw new RankscopeError('missing', `${this.name}${path} is missing.`, { file: path });
    const { entry, size } = file;
    const name = this.name + path;
    if (entry.compressionMethod !== STORED) return streamedBytes(name, size, unpack(entry, name));
    const start = await dataStart(this.#blob, entry, name);
    return blobSource(name, this.#blob.slice(start, start + size));
  }

  #entries(): Promise<readonly ZipFile[]> {
    this.#files ??= readDirectory(this.name, this.#blob);
    return this.#files;
  }
}

async function readDirectory(name: string, blob: Blob): Promise<readonly ZipFile[]> {
  const files: ZipFile[] = [];
  let packed = 0;
  const seen = new Set<string>();
  const reader = new ZipReader(new BlobReader(blob as globalThis.Blob));
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory || isLitter(entry.filename)) continue;
      const path = safePath(entry.filename, name.slice(0, -1));
      refuse(entry, name + path);
      if (seen.has(path.toLowerCase())) throw hostile(name, `the file ${shown(path)} is in it twice`);
      seen.add(path.toLowerCase());
      packed += entry.compressedSize;
      // Entries that share their bytes would make much of little.
      if (packed > blob.size) throw hostile(name, 'its entries lie one upon another');
      if (files.length >= MOST_FILES) throw hostile(name, `it has more than ${MOST_FILES} files`);
      files.push({ path, size: entry.uncompressedSize, entry });
    }
  } catch (error) {
    if (error instanceof RankscopeError) throw error;
    throw damaged(name.slice(0, -1), error);
  } finally {
    await reader.close().catch(() => {});
  }
  if (files.length === 0) throw new RankscopeError('bad-input', `${name.slice(0, -1)} is an empty zip.`);
  return withoutCommonFolder(files);
}

function refuse(entry: FileEntry, name: string): void {
  if (entry.encrypted) {
    throw new RankscopeError('bad-input', `${name} is encrypted. Unpack the zip, and open the folder.`);
  }
  if (entry.symlink) throw hostile(name, 'it is a link, not a file');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new RankscopeError(
      'bad-input',
      `${name} is packed by a method that cannot be read here. Unpack the zip, and open the folder.`,
    );
  }
  if (entry.compressionMethod === STORED && entry.compressedSize !== entry.uncompressedSize) {
    throw hostile(name, 'its two sizes differ, though it is not packed');
  }
  if (entry.uncompressedSize > HARMLESS && entry.uncompressedSize > entry.compressedSize * MOST_GROWTH) {
    throw hostile(name, `it would grow from ${entry.compressedSize} bytes to ${entry.uncompressedSize}`);
  }
}

/** Where an entry's bytes begin: behind its own header, whose length the directory does not tell. */
async function dataStart(blob: Blob, { offset }: FileEntry, name: string): Promise<number> {
  const header = new DataView(await blob.slice(offset, offset + 30).arrayBuffer());
  if (header.byteLength < 30 || header.getUint32(0, true) !== 0x04034b50) throw damaged(name, undefined);
  return offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
}

/** Unpacks into `take`, piece by piece, and holds the whole to the entry's checksum. */
function unpack(entry: FileEntry, name: string) {
  return async (take: (piece: Uint8Array) => Promise<void>, signal: AbortSignal): Promise<void> => {
    let got = 0;
    const sink = new WritableStream<Uint8Array>({
      write: async (piece) => {
        got += piece.length;
        if (got > entry.uncompressedSize) throw hostile(name, 'it is larger than the zip says');
        await take(piece);
      },
    });
    try {
      await entry.getData(sink as globalThis.WritableStream, {
        signal: signal as globalThis.AbortSignal,
        checkSignature: true,
      });
    } catch (error) {
      throwIfCancelled(signal);
      throw error instanceof RankscopeError ? error : damaged(name, error);
    }
  };
}

const hostile = (name: string, why: string): RankscopeError =>
  new RankscopeError('bad-input', `${name.replace(/\/$/, '')} is not read: ${why}.`, { file: name });

function damaged(name: string, error: unknown): RankscopeError {
  const reason = error instanceof Error && error.message ? ` (${error.message})` : '';
  return new RankscopeError(
    'bad-input',
    `${name} is not a zip, or is damaged${reason}. Make or download it again.`,
    {
      file: name,
    },
  );
}
