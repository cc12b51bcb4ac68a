/** Files at hand (dropped, picked, in the browser's storage, in memory) as a folder. */
import { blobSource } from '../bytes/blob-source.ts';
import type { ByteSource, FolderReader } from '../bytes/byte-source.ts';
import { RankscopeError, throwIfCancelled } from '../errors.ts';
import { MOST_FILES, type SourceFile } from './source-file.ts';

export interface BlobFile extends SourceFile {
  readonly blob: Blob;
}

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
    return blobSource(this.name + path, file.blob);
  }
}
