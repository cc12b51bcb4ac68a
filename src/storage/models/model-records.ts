/** Records of models: in IndexedDB, or in memory beside files in memory. */
import { type IDBPDatabase, openDB } from 'idb';
import { isModelRecord, type ModelRecord } from './model-record.ts';

export interface ModelRecords {
  all(): Promise<readonly ModelRecord[]>;
  get(id: string): Promise<ModelRecord | undefined>;
  /** Reads and writes in one step, so that two tabs never undo each other's; `change` gives undefined to delete. */
  update(
    id: string,
    change: (record: ModelRecord | undefined) => ModelRecord | undefined,
  ): Promise<ModelRecord | undefined>;
}

export function memoryModelRecords(): ModelRecords {
  const records = new Map<string, ModelRecord>();
  return {
    all: async () => [...records.values()],
    get: async (id) => records.get(id),
    update: async (id, change) => {
      const changed = change(records.get(id));
      if (changed) records.set(id, changed);
      else records.delete(id);
      return changed;
    },
  };
}

/** A database of its own: other workers and tabs open it at any time. */
const NAME = 'rankscope-models';
const TABLE = 'models';

/** @throws the browser's own error where there is no IndexedDB. */
export async function indexedDbModelRecords(): Promise<ModelRecords> {
  const open = (): Promise<IDBPDatabase> =>
    openDB(NAME, 1, {
      upgrade: (db) => void db.createObjectStore(TABLE),
      blocking: (_from, _to, event) => {
        opening = undefined;
        (event.target as IDBDatabase).close();
      },
      terminated: () => {
        opening = undefined;
      },
    });
  let opening: Promise<IDBPDatabase> | undefined = open();
  const database = (): Promise<IDBPDatabase> => {
    opening ??= open();
    return opening;
  };
  await database();
  return {
    all: async () => ((await (await database()).getAll(TABLE)) as unknown[]).filter(isModelRecord),
    get: async (id) => checked(await (await database()).get(TABLE, id)),
    update: async (id, change) => {
      const transaction = (await database()).transaction(TABLE, 'readwrite', { durability: 'strict' });
      const changed = change(checked(await transaction.store.get(id)));
      if (changed) await transaction.store.put(changed, id);
      else await transaction.store.delete(id);
      await transaction.done;
      return changed;
    },
  };
}

const checked = (value: unknown): ModelRecord | undefined => (isModelRecord(value) ? value : undefined);
