/**
 * Files in the origin private file system, written through synchronous handles: only workers have those, all browsers
 * have them, and what a write did not take can be seen.
 */
import { type FileStore, full, refused, type StoredBlob, type WritableFile } from './file-store.ts';

const FOLDER = 'models';

/** The part of a directory of the file system that is used; tests have their own. */
export interface Directory {
  getFileHandle(name: string, options?: { readonly create?: boolean }): Promise<FileHandle>;
  removeEntry(name: string): Promise<void>;
  keys(): AsyncIterable<string>;
}

interface FileHandle {
  getFile(): Promise<StoredBlob>;
  createSyncAccessHandle(): Promise<SyncHandle>;
}

/** FileSystemSyncAccessHandle, which only the types of workers know. */
export interface SyncHandle {
  read(into: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

/** undefined where there is none: outside secure contexts, in some private windows, in old browsers. */
export async function opfsStore(): Promise<FileStore | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    const store = storeIn(folder as unknown as Directory, () => navigator.storage.estimate());
    // Some give the folder and refuse to write into it.
    const probe = await store.open('probe');
    probe.close();
    await store.remove('probe');
    return store;
  } catch {
    return undefined;
  }
}

export function storeIn(folder: Directory, estimate: () => Promise<StorageEstimate>): FileStore {
  return {
    persistent: true,
    open: async (name) => {
      try {
        const handle = await folder.getFileHandle(name, { create: true });
        return new OpfsFile(await handle.createSyncAccessHandle());
      } catch (error) {
        throw refused(error);
      }
    },
    blob: async (name) => {
      try {
        return await (await folder.getFileHandle(name)).getFile();
      } catch {
        return undefined;
      }
    },
    remove: async (name) => {
      try {
        await folder.removeEntry(name);
      } catch (error) {
        if ((error as Error).name !== 'NotFoundError') throw refused(error);
      }
    },
    names: async () => {
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      return names;
    },
    room: async () => {
      const { usage, quota } = await estimate();
      return usage === undefined || quota === undefined ? undefined : { used: usage, quota };
    },
  };
}

class OpfsFile implements WritableFile {
  size: number;
  readonly #handle: SyncHandle;

  constructor(handle: SyncHandle) {
    this.#handle = handle;
    this.size = handle.getSize();
  }

  append(bytes: Uint8Array): void {
    let written: number;
    try {
      written = this.#handle.write(bytes as Uint8Array<ArrayBuffer>, { at: this.size });
    } catch (error) {
      this.#undo();
      throw refused(error);
    }
    // At the border of the quota browsers do not throw: Chromium has answered 4294967288, Firefox a short count.
    if (written !== bytes.length) {
      this.#undo();
      throw full(written < bytes.length ? written : 0, bytes.length);
    }
    this.size += written;
  }

  read(start: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    if (this.#handle.read(bytes, { at: start }) !== length) throw refused(new Error('a file became shorter'));
    return bytes;
  }

  truncate(size: number): void {
    this.#handle.truncate(size);
    this.size = size;
  }

  flush(): void {
    this.#handle.flush();
  }

  close(): void {
    this.#handle.close();
  }

  /** A part of a piece may have been taken. */
  #undo(): void {
    try {
      this.#handle.truncate(this.size);
    } catch {
      // The next to open it holds it to its digest.
    }
  }
}
