/** A model that is written file by file, and appears when it is whole. */
import { blobSource } from '../../bytes/blob-source.ts';
import type { ByteSink, ByteSource, FolderWriter } from '../../bytes/byte-source.ts';
import { createDigest } from '../../bytes/sha256.ts';
import { RankscopeError } from '../../errors.ts';
import type { WritableFile } from './file-store.ts';
import { type FileRecord, freshName, type ModelRecord, type NewModel } from './model-record.ts';
import type { ShelfParts } from './shelf-parts.ts';

export class ShelfWriter implements FolderWriter {
  readonly name: string;
  readonly #shelf: ShelfParts;
  readonly #about: NewModel;
  readonly #files: FileRecord[] = [];
  readonly #open = new Set<WritableFile>();
  /** Under a name of its own, so that a model of the same id stays until the new one is whole. */
  readonly #pendingId = `writing:${freshName()}`;
  /** Lets go of the lock that keeps what is written from being swept, from the first file to the end. */
  #letGo: (() => void) | undefined;

  constructor(shelf: ShelfParts, about: NewModel) {
    this.#shelf = shelf;
    this.#about = about;
    this.name = `${about.title}/`;
  }

  async create(path: string): Promise<ByteSink> {
    if (this.#files.some((file) => file.path === path)) {
      throw new RankscopeError('internal', `${this.name}${path} is written twice.`);
    }
    const stored = freshName();
    await this.#holdLock();
    this.#files.push({ path, size: 0, stored, done: false });
    // Recorded first: a file that no record names is taken for garbage.
    await this.#record(true);
    const { store } = this.#shelf;
    const file = await store.open(stored);
    this.#open.add(file);
    const digest = await createDigest();
    return {
      write: async (bytes) => {
        file.append(bytes);
        digest.update(bytes);
      },
      close: async () => {
        file.flush();
        const { size } = file;
        this.#close(file);
        const at = this.#files.findIndex((one) => one.stored === stored);
        const sha256 = digest.hex();
        this.#files[at] = { path, size, sha256, stored, done: true };
        return { bytes: size, sha256 };
      },
    };
  }

  async open(path: string): Promise<ByteSource> {
    const file = this.#files.find((one) => one.path === path && one.done);
    const blob = file && (await this.#shelf.store.blob(file.stored));
    if (blob) return blobSource(this.name + path, blob);
    throw new RankscopeError('internal', `${this.name}${path} is not written yet.`);
  }

  async commit(): Promise<void> {
    if (this.#open.size > 0)
      throw new RankscopeError('internal', `${this.name} has files that are still open.`);
    const former = await this.#shelf.records.get(this.#about.id);
    await this.#record(false);
    this.#letGo?.();
    const kept = new Set(this.#files.map(({ stored }) => stored));
    for (const { stored } of former?.files ?? []) {
      if (!kept.has(stored)) await this.#shelf.store.remove(stored).catch(() => {});
    }
  }

  async discard(): Promise<void> {
    for (const file of [...this.#open]) this.#close(file);
    await this.#shelf.records.update(this.#pendingId, () => undefined);
    for (const { stored } of this.#files) await this.#shelf.store.remove(stored).catch(() => {});
    this.#letGo?.();
  }

  async #record(unfinished: boolean): Promise<void> {
    const record: ModelRecord = {
      ...this.#about,
      format: 1,
      id: unfinished ? this.#pendingId : this.#about.id,
      files: [...this.#files],
      bytes: this.#files.reduce((sum, { size }) => sum + size, 0),
      added: Date.now(),
      unfinished: unfinished || undefined,
    };
    await this.#shelf.records.update(record.id, () => record);
    if (!unfinished) await this.#shelf.records.update(this.#pendingId, () => undefined);
  }

  async #holdLock(): Promise<void> {
    if (this.#letGo) return;
    await new Promise<void>((held, refuse) => {
      this.#shelf.locks
        .hold(
          this.#pendingId,
          () =>
            new Promise<void>((resolve) => {
              this.#letGo = resolve;
              held();
            }),
        )
        .catch(refuse);
    });
  }

  #close(file: WritableFile): void {
    this.#open.delete(file);
    file.close();
  }
}
