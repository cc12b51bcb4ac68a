import { describe, expect, it } from 'vitest';
import { fileLocks, type WebLocks } from './locks.ts';
import { memoryStore } from './memory-store.ts';
import { memoryModelRecords } from './model-records.ts';
import type { Directory, SyncHandle } from './opfs-store.ts';
import { storeIn } from './opfs-store.ts';
import { Shelf } from './shelf.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Locks of one browser, as its tabs see them. */
function webLocks(): WebLocks {
  const held = new Set<string>();
  return {
    request: async (name, _options, work) => {
      if (held.has(name)) return work(null);
      held.add(name);
      try {
        return await work({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}

const about = {
  id: 'mine',
  title: 'Mine',
  address: 'mine',
  source: 'converted',
  kind: 'checkpoint',
} as const;

function newShelf(locks: WebLocks = webLocks()) {
  const parts = { store: memoryStore(), records: memoryModelRecords() };
  return { parts, shelf: new Shelf({ ...parts, locks: fileLocks(locks) }) };
}

async function write(shelf: Shelf, path: string, text: string) {
  const writer = shelf.writer(about);
  const sink = await writer.create(path);
  await sink.write(bytes(text));
  await sink.close();
  return writer;
}

describe('a model that is written', () => {
  it('appears when it is whole, and takes the place of the former one', async () => {
    const { shelf } = newShelf();
    const first = await write(shelf, 'a', 'first');
    await expect(shelf.files('mine')).rejects.toMatchObject({ code: 'missing' });
    await first.commit();
    const second = await write(shelf, 'a', 'second');
    const read = async () =>
      new TextDecoder().decode(await (await (await shelf.folder('mine')).open('a')).read(0, 5));
    expect(await read()).toBe('first');
    await second.commit();
    expect(await read()).toBe('secon');
    // Of the former one nothing is left.
    expect(await shelf.store.names()).toHaveLength(1);
    expect(await shelf.models()).toHaveLength(1);
    expect((await shelf.models())[0]).toMatchObject({
      bytes: 6,
      files: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
  });

  it('is gone without a trace when it is discarded, at any moment', async () => {
    const { shelf } = newShelf();
    const writer = shelf.writer(about);
    await (await writer.create('a')).write(bytes('half'));
    await writer.discard();
    await (await write(shelf, 'b', 'closed')).discard();
    expect([await shelf.store.names(), await shelf.models()]).toEqual([[], []]);
  });

  it('is swept when its tab has gone, and left alone while it lives', async () => {
    const { parts, shelf } = newShelf();
    await write(shelf, 'a', 'text');
    await shelf.sweep();
    expect(await shelf.store.names()).toHaveLength(1);
    // The locks of a tab go with it.
    const later = new Shelf({ ...parts, locks: fileLocks(webLocks()) });
    await later.sweep();
    expect([await later.store.names(), await later.models()]).toEqual([[], []]);
  });
});

describe('what is stored', () => {
  it('is no model any more once a file was changed or removed; the record says so', async () => {
    const { shelf } = newShelf();
    await (await write(shelf, 'a', 'text')).commit();
    const { stored } = (await shelf.records.get('mine'))!.files[0]!;
    (await shelf.store.open(stored)).truncate(2);
    await expect(shelf.files('mine')).rejects.toThrow(/a was changed.*Download the model again/);
    expect((await shelf.records.get('mine'))!.files[0]).toMatchObject({ done: false });
  });

  it('cannot become whole once it was removed in another tab', async () => {
    const { shelf } = newShelf();
    await expect(shelf.commit('gone', 'a', 'digest')).rejects.toThrow(/removed .* in another tab/);
    expect(await shelf.models()).toEqual([]);
  });

  it('goes: one, or all with what lies about', async () => {
    const { shelf } = newShelf();
    await (await write(shelf, 'a', 'text')).commit();
    await shelf.store.open('litter');
    await shelf.remove('mine');
    expect(await shelf.store.names()).toEqual(['litter']);
    await (await write(shelf, 'a', 'text')).commit();
    await shelf.removeAll();
    expect([await shelf.store.names(), await shelf.models()]).toEqual([[], []]);
  });
});

describe('the browser’s file system', () => {
  /** A directory whose handles take only so many bytes, and tell it as browsers have been seen to. */
  function directory(room: number, answer: (written: number, wanted: number) => number): Directory {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    const handle = (name: string): SyncHandle => ({
      read: (into, { at }) => {
        const part = files.get(name)!.subarray(at, at + into.length);
        into.set(part);
        return part.length;
      },
      write: (data, { at }) => {
        const taken = Math.max(0, Math.min(data.length, room - at));
        const old = files.get(name)!;
        const grown = new Uint8Array(Math.max(old.length, at + taken));
        grown.set(old);
        grown.set(data.subarray(0, taken), at);
        files.set(name, grown);
        return answer(taken, data.length);
      },
      truncate: (size) => void files.set(name, files.get(name)!.slice(0, size)),
      getSize: () => files.get(name)!.length,
      flush: () => {},
      close: () => {},
    });
    return {
      getFileHandle: async (name, options) => {
        if (!files.has(name) && !options?.create)
          throw Object.assign(new Error('none'), { name: 'NotFoundError' });
        files.set(name, files.get(name) ?? new Uint8Array());
        return {
          getFile: async () => new Blob([files.get(name)!]) as never,
          createSyncAccessHandle: async () => handle(name),
        };
      },
      removeEntry: async (name) => {
        if (!files.delete(name)) throw Object.assign(new Error('none'), { name: 'NotFoundError' });
      },
      async *keys() {
        yield* files.keys();
      },
    };
  }
  const estimate = async () => ({ usage: 5, quota: 10 });

  it.each([
    ['a short count', (written: number) => written],
    ['nonsense', (written: number, wanted: number) => (written === wanted ? written : 4294967288)],
    [
      'an error',
      (written: number, wanted: number) => {
        if (written < wanted) throw Object.assign(new Error('full'), { name: 'QuotaExceededError' });
        return written;
      },
    ],
  ])('notices that it is full by %s, and keeps what was whole', async (_how, answer) => {
    const store = storeIn(directory(10, answer), estimate);
    const file = await store.open('a');
    file.append(bytes('12345678'));
    expect(() => file.append(bytes('90123'))).toThrow(expect.objectContaining({ code: 'storage' }));
    expect(file.size).toBe(8);
    file.close();
    expect((await store.blob('a'))!.size).toBe(8);
    expect(new TextDecoder().decode((await store.open('a')).read(2, 3))).toBe('345');
    expect(await store.room()).toEqual({ used: 5, quota: 10 });
    await store.remove('a');
    await store.remove('a');
    expect([await store.blob('a'), await store.names()]).toEqual([undefined, []]);
  });
});
