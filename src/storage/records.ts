/**
 * Where larger things are kept: named tables of structured-cloneable values. The page uses
 * IndexedDB (database.ts); where that fails (a private window, a full disk) it goes on in memory.
 */

import { messageOf } from '../errors.ts';

export type Table = 'corpus' | 'run' | 'answers';

export interface Records {
  /** undefined when there is none. */
  get(table: Table, key: string): Promise<unknown>;
  put(table: Table, key: string, value: unknown): Promise<void>;
  delete(table: Table, key: string): Promise<void>;
  /** The keys that begin with a text, in any order. */
  keys(table: Table, prefix: string): Promise<readonly string[]>;
}

/** Keeps everything until the page is closed. */
export function memoryRecords(): Records {
  const tables = new Map<string, unknown>();
  const name = (table: Table, key: string): string => `${table}\n${key}`;
  return {
    get: async (table, key) => tables.get(name(table, key)),
    put: async (table, key, value) => void tables.set(name(table, key), value),
    delete: async (table, key) => void tables.delete(name(table, key)),
    keys: async (table, prefix) => {
      const found = [...tables.keys()].filter((key) => key.startsWith(name(table, prefix)));
      return found.map((key) => key.slice(name(table, '').length));
    },
  };
}

/** A store that has not answered a question by then counts as failing. */
const ANSWER_MS = 5_000;

/**
 * Records that survive a failing store, and one that never answers: a value that is not written (yet)
 * stays readable until the page is closed, and `onProblem` is called once, with a message for people.
 */
export function resilient(
  store: Records,
  onProblem: (message: string) => void,
  answerMs = ANSWER_MS,
): Records {
  const memory = memoryRecords();
  let told = false;
  /** An answer is overdue: until it comes, no other is waited for. */
  let silent = false;
  const inTime = <T>(answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        silent = true;
        reject(new NoAnswer());
      };
      const timer = setTimeout(give, silent ? 0 : answerMs);
      const settled = (): void => {
        clearTimeout(timer);
        silent = false;
      };
      answer.finally(settled).then(resolve, reject);
    });
  const tell = (error: unknown): void => {
    if (told) return;
    told = true;
    onProblem(describe(error));
  };
  return {
    get: async (table, key) => {
      const kept = await memory.get(table, key);
      if (kept !== undefined) return kept;
      try {
        return await inTime(store.get(table, key));
      } catch (error) {
        tell(error);
        return undefined;
      }
    },
    put: async (table, key, value) => {
      await memory.put(table, key, value);
      try {
        await store.put(table, key, value);
        // Unless a newer one has taken its place meanwhile.
        if ((await memory.get(table, key)) === value) await memory.delete(table, key);
      } catch (error) {
        tell(error);
      }
    },
    keys: async (table, prefix) => {
      const kept = await memory.keys(table, prefix);
      try {
        return [...new Set([...kept, ...(await inTime(store.keys(table, prefix)))])];
      } catch (error) {
        tell(error);
        return kept;
      }
    },
    delete: async (table, key) => {
      await memory.delete(table, key);
      try {
        await store.delete(table, key);
      } catch (error) {
        tell(error);
      }
    },
  };
}

class NoAnswer extends Error {}

function describe(error: unknown): string {
  if (error instanceof Error && error.name === 'QuotaExceededError') {
    return 'The browser’s storage is full: what you do is kept until this page is closed. Free some storage to keep it longer.';
  }
  if (error instanceof NoAnswer) {
    return 'The browser’s storage is not responding, so the page continues without it: what you do is kept until this page is closed.';
  }
  // A TypeError comes of there being no IndexedDB at all, and says nothing to people.
  const why = error instanceof TypeError ? '' : ` (${messageOf(error)})`;
  return `This browser does not let the page store anything${why}: what you do is kept until this page is closed.`;
}
