/**
 * Small things in localStorage: written at once (a page that is being closed has no time for
 * IndexedDB), each under its own key as `{version, data}`. A value that cannot be read is dropped
 * and reported, never thrown.
 */

/** The part of the Web Storage interface that is used; `localStorage` has it. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export type Read<T> =
  | { readonly state: 'none' }
  | { readonly state: 'ok'; readonly data: T }
  | { readonly state: 'dropped' };

const PREFIX = 'rankscope.';

/**
 * The longest value that is read or written, in UTF-16 units: room for the largest text that the box
 * takes, escaped. Whatever is longer was not written by this page, and could keep it from starting.
 */
export const LONGEST_LOCAL = 2_000_000;

/**
 * Reads a value. `check` returns the valid data or undefined (it may repair).
 * A value of another version, or one that fails the check, is removed and reported as 'dropped'.
 */
export function readLocal<T>(
  store: TextStore,
  key: string,
  version: number,
  check: (data: unknown) => T | undefined,
): Read<T> {
  let text: string | null;
  try {
    text = store.getItem(PREFIX + key);
  } catch {
    return { state: 'none' };
  }
  if (text === null) return { state: 'none' };
  try {
    if (text.length > LONGEST_LOCAL) throw new RangeError('too long');
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && 'data' in parsed) {
      const data = parsed.version === version ? check(parsed.data) : undefined;
      if (data !== undefined) return { state: 'ok', data };
    }
  } catch {
    // Too long, not JSON, or the check met something it had not thought of: dropped below.
  }
  removeLocal(store, key);
  return { state: 'dropped' };
}

/** False when it is too long or the browser refused (full or forbidden): the value lives on in memory only. */
export function writeLocal(store: TextStore, key: string, version: number, data: unknown): boolean {
  try {
    const text = JSON.stringify({ version, data });
    if (text.length > LONGEST_LOCAL) return false;
    store.setItem(PREFIX + key, text);
    return true;
  } catch {
    return false;
  }
}

export function removeLocal(store: TextStore, key: string): void {
  try {
    store.removeItem(PREFIX + key);
  } catch {
    // Nothing to remove where nothing can be stored.
  }
}

/** For tests and for pages whose storage is forbidden. */
export function memoryTextStore(): TextStore {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
