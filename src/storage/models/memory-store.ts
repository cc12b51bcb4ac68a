/** Files in memory: for pages without storage (plain http, private windows), and where storage is full. */
import { type FileStore, full, type StoredBlob, type WritableFile } from './file-store.ts';

/** @param most bytes altogether; for tests of a full storage. */
export function memoryStore(most = Number.POSITIVE_INFINITY): FileStore {
  const files = new Map<string, MemoryFile>();
  const used = () => [...files.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    persistent: false,
    open: async (name) => {
      const file = files.get(name) ?? new MemoryFile(() => most - used());
      files.set(name, file);
      return file;
    },
    blob: async (name) => files.get(name)?.blob(),
    remove: async (name) => void files.delete(name),
    names: async () => [...files.keys()],
    room: async () => (most === Number.POSITIVE_INFINITY ? undefined : { used: used(), quota: most }),
  };
}

/** Pieces as they came, so that nothing is copied to grow. */
class MemoryFile implements WritableFile {
  size = 0;
  readonly #room: () => number;
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #writes = 0;

  constructor(room: () => number) {
    this.#room = room;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length > this.#room()) throw full(0, bytes.length);
    this.#pieces.push(Uint8Array.from(bytes));
    this.size += bytes.length;
    this.#writes++;
  }

  read(start: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of this.#pieces) {
      const from = Math.max(0, start - at);
      const to = Math.min(piece.length, start + length - at);
      if (from < to) bytes.set(piece.subarray(from, to), at + from - start);
      at += piece.length;
    }
    return bytes;
  }

  truncate(size: number): void {
    const kept = size === 0 ? [] : [Uint8Array.from(this.read(0, size))];
    this.#pieces = kept;
    this.size = size;
    this.#writes++;
  }

  flush(): void {}
  close(): void {}

  /** The browser may move it out of memory. */
  blob(): StoredBlob {
    return Object.assign(new Blob(this.#pieces), { lastModified: this.#writes });
  }
}
