/** Files at hand (dropped, picked, in the browser's storage, in memory) as a folder. */
import type { ByteSource, FolderReader } from '../bytes/byte-source.ts';
import { RankscopeError, throwIfCancelled } from '../errors.ts';
import { MOST_FILES, type SourceFile } from './source-file.ts';

export interface BlobFile extends SourceFile {
  readonly blob: Blob;
}

const PIECE = 8 * 2 ** 20;

export class BlobFolder implements FolderReader {
  readonly name: string;
  readonly #files: ReadonlyMap<string, BlobFile>;

  /** @param name for messages. @throws RankscopeError 'bad-input' when there are no files, or too many. */
  constructor(name: string, files: readonly BlobFile[]) {
    this.name = name.endsWith('/') ? name : `${name}/`;
    if (files.length === 0)
      throw new RankscopeError('bad-input', `${this.name} is empty: there are no files in it.`);
    if (files.length > MOST_FILES) {
      throw new RankscopeError(
        'bad-input',
        `${this.name} has more than ${MOST_FILES} files: it is not the folder of a model.`,
      );
    }
    this.#files = new Map(files.map((file) => [file.path, file]));
  }

  async list(signal?: AbortSignal): Promise<readonly SourceFile[]> {
    throwIfCancelled(signal);
    return [...this.#files.values()].map(({ path, size, sha256 }) => ({ path, size, sha256 }));
  }

  async open(path: string, signal?: AbortSignal): Promise<ByteSource> {
    throwIfCancelled(signal);
    const file = this.#files.get(path);
    if (!file) throw new RankscopeError('missing', `${this.name}${path} is missing.`, { file: path });
    return blobBytes(file.blob, this.name + path);
  }
}

/** A Blob read by position; a File of the disk stays there. */
export function blobBytes(blob: Blob, name: string): ByteSource {
  const read = async (start: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
    if (start < 0 || start + length > blob.size) {
      throw unreadable(name, `it ends before byte ${start + length}: the file is truncated or damaged`);
    }
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(await blob.slice(start, start + length).arrayBuffer());
    } catch {
      // A File is refused once it has changed on disk.
      throw unreadable(name, 'it was changed, moved or deleted since it was opened. Open it again');
    }
    if (bytes.length !== length) throw unreadable(name, 'it became shorter while it was read');
    return bytes;
  };
  return {
    name,
    size: blob.size,
    read,
    async *pieces(start, end) {
      if (end > blob.size)
        throw unreadable(name, `it ends before byte ${end}: the file is truncated or damaged`);
      for (let at = start; at < end; at += PIECE) yield await read(at, Math.min(PIECE, end - at));
    },
    close: async () => {},
  };
}

const unreadable = (name: string, what: string): RankscopeError =>
  new RankscopeError('bad-checkpoint', `${name}: ${what}.`, { file: name });
