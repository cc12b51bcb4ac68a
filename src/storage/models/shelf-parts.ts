/** What a shelf of models consists of. */
import type { FileStore } from './file-store.ts';
import type { FileLocks } from './locks.ts';
import type { ModelRecords } from './model-records.ts';

export interface ShelfParts {
  readonly store: FileStore;
  readonly records: ModelRecords;
  readonly locks: FileLocks;
}
