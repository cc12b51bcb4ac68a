/** The library of models as workers open it: the same files and records from each of them, and word of changes. */
import { fileLocks } from '../src/storage/models/locks.ts';
import { memoryStore } from '../src/storage/models/memory-store.ts';
import { indexedDbModelRecords, memoryModelRecords } from '../src/storage/models/model-records.ts';
import { opfsStore } from '../src/storage/models/opfs-store.ts';
import { Shelf } from '../src/storage/models/shelf.ts';

/** What is stored, and where; `disk` is undefined where the browser has no storage for files. */
export interface Shelves {
  readonly disk: Shelf | undefined;
  /** Of this worker alone. */
  readonly memory: Shelf;
}

export async function openShelves(): Promise<Shelves> {
  const locks = fileLocks(navigator.locks as LockManager | undefined);
  const memory = new Shelf({ store: memoryStore(), records: memoryModelRecords(), locks });
  const store = await opfsStore();
  const records = store && (await indexedDbModelRecords().catch(() => undefined));
  return { memory, disk: store && records && new Shelf({ store, records, locks }) };
}

export interface LibraryChannel {
  /** To all other workers that have the library open, in this tab and in others. */
  tell(): void;
  listen(hear: () => void): void;
}

export function libraryChannel(): LibraryChannel {
  const channel = new BroadcastChannel('rankscope-models');
  return {
    tell: () => channel.postMessage('changed'),
    listen: (hear) => {
      channel.onmessage = hear;
    },
  };
}
