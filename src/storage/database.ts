/** Records in IndexedDB. One database, one object store a table; the version is the schema's. */
import { type IDBPDatabase, openDB } from 'idb';
import type { Records, Table } from './records.ts';

const NAME = 'rankscope';
const VERSION = 1;
const TABLES: readonly Table[] = ['corpus', 'run', 'answers'];

/**
 * Opens the database at the first use; a failed attempt is made again at the next.
 * Every method rejects with the browser's own error (wrap with `resilient`).
 */
export function indexedDbRecords(): Records {
  let opening: Promise<IDBPDatabase> | undefined;
  const open = (): Promise<IDBPDatabase> => {
    opening ??= openDB(NAME, VERSION, {
      upgrade: (db) => {
        for (const table of TABLES) if (!db.objectStoreNames.contains(table)) db.createObjectStore(table);
      },
      // Another tab wants a newer schema: let it have it; the next use here opens again.
      blocking: (_from, _to, event) => {
        opening = undefined;
        (event.target as IDBDatabase).close();
      },
      terminated: () => {
        opening = undefined;
      },
    }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    get: async (table, key) => (await open()).get(table, key),
    put: async (table, key, value) => void (await (await open()).put(table, value, key)),
    delete: async (table, key) => (await open()).delete(table, key),
    keys: async (table, prefix) => {
      // U+FFFF sorts behind whatever can follow.
      const all = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      return (await (await open()).getAllKeys(table, all)).map(String);
    },
  };
}
