/**
 * Models on one shelf: files and the records that make them count. A file without a record is garbage and a
 * record without `done` is a download that can go on; neither is ever taken for a model, nor stands in its way.
 */
import { blobSource } from '../../bytes/blob-source.ts';
import type { FolderWriter } from '../../bytes/byte-source.ts';
import { sourceDigest } from '../../bytes/sha256.ts';
import { RankscopeError } from '../../errors.ts';
import { type BlobFile, BlobFolder } from '../../sources/blob-folder.ts';
import type { FileStore, StoredBlob } from './file-store.ts';
import type { FileLocks } from './locks.ts';
import { type FileRecord, isWhole, type ModelRecord, type NewModel } from './model-record.ts';
import type { ModelRecords } from './model-records.ts';
import type { ShelfParts } from './shelf-parts.ts';
import { ShelfWriter } from './shelf-writer.ts';

export class Shelf implements ShelfParts {
  readonly store: FileStore;
  readonly records: ModelRecords;
  readonly locks: FileLocks;
  /** Files whose digests were seen to be right, by stored name: as each was written then. */
  readonly #verified = new Map<string, number>();

  constructor({ store, records, locks }: ShelfParts) {
    this.store = store;
    this.records = records;
    this.locks = locks;
  }

  /** All records, partial ones too. */
  models(): Promise<readonly ModelRecord[]> {
    return this.records.all();
  }

  /** The record of a model that is wanted: the one there is, or the new one. */
  async begin(fresh: ModelRecord): Promise<ModelRecord> {
    return (await this.records.update(fresh.id, (known) => known ?? fresh)) as ModelRecord;
  }

  /** Bytes that are there, whole and partial files together. */
  async held({ files }: ModelRecord): Promise<number> {
    const sizes = await Promise.all(
      files.map(async ({ stored, size }) => Math.min(size, (await this.store.blob(stored))?.size ?? 0)),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * Marks a file as whole: its bytes, as they were written, have this digest.
   * @throws RankscopeError 'storage' when the model has been removed meanwhile.
   */
  async commit(id: string, path: string, sha256: string): Promise<void> {
    const record = await this.#change(id, path, (file) => ({ ...file, sha256, done: true }));
    const stored = record?.files.find((file) => file.path === path)?.stored;
    const blob = stored === undefined ? undefined : await this.store.blob(stored);
    if (stored !== undefined && blob) this.#verified.set(stored, blob.lastModified);
    if (record) return;
    throw new RankscopeError('storage', 'The model was removed while it was being fetched, in another tab.');
  }

  /**
   * The files of a whole model. A checkpoint is held to its card when it is opened; the files of others are held to the
   * digests they had when they came: read again once in this shelf's life, or not at all where it has seen them come, and
   * again whenever one has been written since.
   * @throws RankscopeError 'missing' when it is not whole: the record then says so, and a download mends it.
   */
  async files(id: string): Promise<readonly BlobFile[]> {
    const record = await this.records.get(id);
    if (!record || !isWhole(record)) {
      throw new RankscopeError(
        'missing',
        `${record?.title ?? 'The model'} is not stored here as a whole: download it first.`,
      );
    }
    const files: BlobFile[] = [];
    for (const { path, size, sha256, stored } of record.files) {
      const blob = await this.store.blob(stored);
      const whole = blob?.size === size;
      if (!whole || (record.kind !== 'checkpoint' && !(await this.#verify(stored, blob, sha256)))) {
        await this.#change(id, path, (file) => ({ ...file, done: false }));
        throw new RankscopeError(
          'missing',
          `${record.title}: ${path} was ${blob ? 'changed' : 'removed'} in the browser’s storage. Download the model again; what is whole is kept.`,
          { file: path },
        );
      }
      files.push({ path, size, sha256, blob });
    }
    return files;
  }

  async folder(id: string): Promise<BlobFolder> {
    const files = await this.files(id);
    return new BlobFolder((await this.records.get(id))?.title ?? id, files);
  }

  /** A model that is written here: a copy of a dropped folder, a conversion. Nothing of it shows before its `commit`. */
  writer(about: NewModel): FolderWriter {
    return new ShelfWriter(this, about);
  }

  /** The record goes first: files without one are swept, whatever happens in between. */
  async remove(id: string): Promise<void> {
    const record = await this.records.get(id);
    await this.records.update(id, () => undefined);
    for (const { stored } of record?.files ?? []) await this.store.remove(stored).catch(() => {});
  }

  async removeAll(): Promise<void> {
    for (const { id } of await this.models()) await this.remove(id);
    await this.sweep();
  }

  /** Removes what a crash or another tab's closing has left: files without a record, copies that nobody goes on with. */
  async sweep(): Promise<void> {
    for (const record of await this.models()) {
      // Its files may be those of a whole model by now: they go below, if no record names them.
      if (record.unfinished && !(await this.locks.held(record.id))) {
        await this.records.update(record.id, () => undefined);
      }
    }
    const known = new Set((await this.models()).flatMap(({ files }) => files.map(({ stored }) => stored)));
    for (const name of await this.store.names()) {
      if (!known.has(name) && !(await this.locks.held(name))) await this.store.remove(name).catch(() => {});
    }
  }

  async #verify(stored: string, blob: StoredBlob, sha256: string | undefined): Promise<boolean> {
    const { lastModified } = blob;
    if (this.#verified.get(stored) === lastModified) return true;
    const right = (await sourceDigest(blobSource(stored, blob))) === sha256;
    if (right) this.#verified.set(stored, lastModified);
    else this.#verified.delete(stored);
    return right;
  }

  #change(
    id: string,
    path: string,
    change: (file: FileRecord) => FileRecord,
  ): Promise<ModelRecord | undefined> {
    return this.records.update(
      id,
      (record) =>
        record && {
          ...record,
          files: record.files.map((file) => (file.path === path ? change(file) : file)),
        },
    );
  }
}
