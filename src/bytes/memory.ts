/** Sources and folders in memory: for tests, for small files, and where a page has no storage. */
import { RankscopeError } from '../errors.ts';
import type { ByteSource, FolderReader, FolderWriter } from './byte-source.ts';
import { checkRange } from './range.ts';
import { joinPieces } from './read.ts';
import { sha256 } from './sha256.ts';

/** @param name for messages */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  const source = { name, size: bytes.length };
  return {
    ...source,
    async read(start, length) {
      checkRange(source, start, start + length);
      return bytes.slice(start, start + length);
    },
    async *pieces(start, end) {
      checkRange(source, start, end);
      if (end > start) yield bytes.subarray(start, end);
    },
    async close() {},
  };
}

/** @param files by path inside the folder */
export function memoryFolder(name: string, files: ReadonlyMap<string, Uint8Array>): FolderReader {
  return {
    name,
    async list() {
      return [...files].map(([path, { length }]) => ({ path, size: length }));
    },
    async open(path) {
      const bytes = files.get(path);
      if (bytes) return memorySource(name + path, bytes);
      throw new RankscopeError('missing', `${name}${path} cannot be read: there is no such file.`, {
        file: name + path,
      });
    },
  };
}

/** A folder that is written into memory; `files` fills at `commit`. */
export interface MemoryWriter extends FolderWriter {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export function memoryWriter(name: string): MemoryWriter {
  const written = new Map<string, Uint8Array<ArrayBuffer>>();
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    name,
    files,
    async create(path) {
      const pieces: Uint8Array[] = [];
      return {
        async write(bytes) {
          pieces.push(bytes.slice());
        },
        async close() {
          const bytes = joinPieces(pieces);
          written.set(path, bytes);
          return { bytes: bytes.length, sha256: await sha256(bytes) };
        },
      };
    },
    open: (path) => memoryFolder(name, written).open(path),
    async commit() {
      for (const [path, bytes] of written) files.set(path, bytes);
    },
    async discard() {
      written.clear();
    },
  };
}
