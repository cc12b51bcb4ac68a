/** The worker's work against the hub of the tests: what is kept over a reload, and what is not. */

import { join } from 'node:path';
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HubServer } from '../e2e/hub-server/hub-server.ts';
import { repoOfFiles, repoOfFolder } from '../e2e/hub-server/repo.ts';
import type { FileStore } from '../src/storage/models/file-store.ts';
import { fileLocks, type WebLocks } from '../src/storage/models/locks.ts';
import { memoryStore } from '../src/storage/models/memory-store.ts';
import { modelId } from '../src/storage/models/model-record.ts';
import { memoryModelRecords } from '../src/storage/models/model-records.ts';
import { Shelf } from '../src/storage/models/shelf.ts';
import type { DownloadNews, DownloadState, Found, Library } from '../src/workers/download-protocol.ts';
import { DownloadService } from './download-service.ts';
import type { LibraryChannel, Shelves } from './model-shelves.ts';

const WEIGHTS = new Uint8Array(300_000).map((_, i) => (i * 2654435761) >>> 11);
const repo = repoOfFiles({
  'config.json': '{"model_type": "t5"}',
  'tokenizer.json': '{}',
  'tokenizer_config.json': '{}',
  'model.safetensors': WEIGHTS,
});
const student = repoOfFolder(join(import.meta.dirname, '../public/models/demo-student'));
let hub: HubServer;

beforeAll(async () => {
  hub = await HubServer.start();
  hub.host('owner/name', { repo, modelType: 't5' });
});
beforeEach(() => {
  hub.faults.clear();
  hub.asked.length = 0;
});
afterAll(() => hub.close());

const shelfOf = (most?: number, locks?: WebLocks) =>
  new Shelf({ store: memoryStore(most), records: memoryModelRecords(), locks: fileLocks(locks) });

/** A shelf, and the files of it that are read by position, as they are. */
function countingShelf() {
  const reads: string[] = [];
  const store = memoryStore();
  const blob: FileStore['blob'] = async (name) => {
    const found = await store.blob(name);
    if (!found) return undefined;
    const read = found.slice.bind(found);
    const slice = (...at: number[]) => {
      reads.push(name);
      return read(...at);
    };
    return Object.assign(found, { slice });
  };
  const shelf = new Shelf({
    store: { ...store, blob },
    records: memoryModelRecords(),
    locks: fileLocks(undefined),
  });
  return { shelf, reads };
}

/** The browser's locks, as far as they are used. */
function webLocks(): WebLocks {
  const held = new Set<string>();
  return {
    async request(name, _, work) {
      if (held.has(name)) return work(null);
      held.add(name);
      return work({}).finally(() => held.delete(name));
    },
  };
}

/** Channels of tabs to one another. */
function tabs(): () => LibraryChannel {
  const all: (() => void)[] = [];
  return () => {
    const own: { hear?: () => void } = {};
    all.push(() => own.hear?.());
    const at = all.length - 1;
    return {
      tell: () => {
        for (const [i, hear] of all.entries()) if (i !== at) hear();
      },
      listen: (hear) => {
        own.hear = hear;
      },
    };
  };
}

/** A visit: the disk is what the visits before have left. */
class Visit {
  readonly service: DownloadService;
  readonly states: (DownloadState | null)[] = [];
  library!: Library;

  constructor(disk: Shelf | undefined, channel?: LibraryChannel) {
    const shelves: Shelves = { disk, memory: shelfOf() };
    this.service = new DownloadService({
      channel,
      shelves: async () => shelves,
      watch: { sleep: async () => {}, stallMs: 10_000 },
    });
  }

  static async open(disk: Shelf | undefined, channel?: LibraryChannel): Promise<Visit> {
    const visit = new Visit(disk, channel);
    visit.library = await visit.service.open((news) => visit.#hear(news));
    return visit;
  }

  /** Waits until the news say so. */
  async until(test: (state: DownloadState | null | undefined) => boolean): Promise<void> {
    await expect.poll(() => test(this.states.at(-1)), { interval: 5 }).toBe(true);
  }

  find = (): Promise<Found> => this.service.lookUp('owner/name', hub.url, () => {});

  #hear(news: DownloadNews): void {
    if ('library' in news) this.library = news.library;
    else this.states.push(news.state);
  }
}

describe('the download worker', () => {
  it('fetches nothing before it is told to, then a model, and has it at the next visit', async () => {
    const disk = shelfOf();
    const visit = await Visit.open(disk);
    expect([visit.library.models, hub.asked]).toEqual([[], []]);
    const found = await visit.find();
    expect(hub.asked.every(({ url }) => url.startsWith('/api/'))).toBe(true);
    await visit.service.get({ found, use: found.uses[0]! });
    expect(visit.states.at(-1)).toBeNull();
    expect(visit.library.models).toMatchObject([
      { title: 'owner/name', kind: 'original', place: 'disk', whole: true },
    ]);
    hub.asked.length = 0;
    const next = await Visit.open(disk);
    const [model] = next.library.models;
    expect(await next.service.files(model!.id)).toHaveLength(4);
    // Offline, and asked for once more: nothing is left to fetch.
    await next.service.get({ found, use: found.uses[0]! });
    expect(hub.asked).toEqual([]);
  });

  it('pauses, and goes on after a reload without a new look-up, by ranges', async () => {
    const disk = shelfOf();
    const visit = await Visit.open(disk);
    const found = await visit.find();
    hub.faults.add({ on: 'cdn', harm: { stallAfter: 100_000 } });
    const getting = visit.service.get({ found, use: found.uses[0]! });
    await visit.until((state) => state?.status === 'running' && state.progress.bytes > 60_000);
    const id = visit.library.models[0]!.id;
    await visit.service.pause(id);
    await getting;
    expect(visit.states.at(-1)).toMatchObject({
      status: 'paused',
      progress: { total: found.uses[0]!.bytes },
    });
    const next = await Visit.open(disk);
    expect(next.states.at(-1)).toMatchObject({ status: 'paused', progress: { bytes: expect.any(Number) } });
    await expect(next.service.files(id)).rejects.toMatchObject({ code: 'missing' });
    hub.asked.length = 0;
    await next.service.resume(id);
    expect(hub.asked.map(({ headers }) => headers.range)).toEqual([
      expect.stringMatching(/^bytes=\d{5,6}-$/),
      expect.stringMatching(/^bytes=\d{5,6}-$/),
    ]);
    expect(next.library.models[0]).toMatchObject({ whole: true, held: found.uses[0]!.bytes });
  });

  it('shows a download of another tab as such, and when it pauses, goes on and ends', async () => {
    const disk = shelfOf(undefined, webLocks());
    const channel = tabs();
    const visit = await Visit.open(disk, channel());
    const other = await Visit.open(disk, channel());
    const found = await visit.find();
    hub.faults.add({ on: 'cdn', harm: { stallAfter: 100_000 } });
    const getting = visit.service.get({ found, use: found.uses[0]! });
    await other.until((state) => state?.status === 'paused' && state.elsewhere === true);
    // A tab that is opened now sees the same; asked to fetch it as well, it says why it does not.
    const { id } = other.library.models[0]!;
    const third = await Visit.open(disk);
    expect(third.states.at(-1)).toMatchObject({ status: 'paused', elsewhere: true });
    await third.service.resume(id);
    expect(third.states.at(-1)).toMatchObject({ status: 'failed', error: { details: { busy: true } } });
    await visit.until((state) => state?.status === 'running' && state.progress.bytes > 60_000);
    await visit.service.pause(id);
    await getting;
    await other.until((state) => state?.status === 'paused' && state.elsewhere === false);
    const resuming = visit.service.resume(id);
    await other.until((state) => state === null || (state?.status === 'paused' && state.elsewhere === true));
    await resuming;
    await other.until((state) => state === null);
    expect(other.library.models).toMatchObject([{ id, whole: true }]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const disk = shelfOf();
    const visit = await Visit.open(disk);
    const found = await visit.find();
    hub.faults.add({ on: 'cdn', harm: { stallAfter: 100_000 } });
    const getting = visit.service.get({ found, use: found.uses[0]! });
    await visit.until((state) => state?.status === 'running' && state.progress.bytes > 60_000);
    await visit.service.cancel(visit.library.models[0]!.id);
    await getting;
    expect(visit.states.at(-1)).toBeNull();
    expect([await disk.store.names(), await disk.models(), visit.library.models]).toEqual([[], [], []]);
  });

  it('says how much finds no room, and goes on in memory when asked', async () => {
    const disk = shelfOf(100_000);
    const visit = await Visit.open(disk);
    const found = await visit.find();
    await visit.service.get({ found, use: found.uses[0]! });
    expect(visit.states.at(-1)).toMatchObject({
      status: 'failed',
      error: { code: 'storage', details: { missing: expect.any(Number) } },
    });
    await visit.service.resume(visit.library.models[0]!.id, 'memory');
    expect(visit.library.models).toMatchObject([{ place: 'memory', whole: true }]);
    expect(await disk.models()).toEqual([]);
    expect(await visit.service.files(visit.library.models[0]!.id)).toHaveLength(4);
  });

  it('works without any storage, until the page is closed', async () => {
    const visit = await Visit.open(undefined);
    expect(visit.library.persistent).toBe(false);
    const found = await visit.find();
    await visit.service.get({ found, use: found.uses[0]! });
    expect(visit.library.models).toMatchObject([{ place: 'memory', whole: true }]);
    await visit.service.removeAll();
    expect(visit.library.models).toEqual([]);
  });

  it('fails in words when the connection is gone, keeps what came, and goes on', async () => {
    const visit = await Visit.open(shelfOf());
    const found = await visit.find();
    hub.faults.add(
      { on: 'cdn', harm: { cutAfter: 200_000 } },
      { on: 'cdn', harm: { status: 503 }, times: 6 },
    );
    await visit.service.get({ found, use: found.uses[0]! });
    expect(visit.states.at(-1)).toMatchObject({ status: 'failed', error: { code: 'network' } });
    const [model] = visit.library.models;
    expect(model).toMatchObject({ whole: false });
    expect(model!.held).toBeGreaterThan(200_000);
    await visit.service.resume(model!.id);
    expect(visit.library.models).toMatchObject([{ whole: true }]);
  });

  it('reads a file again only where it has not seen it come, and notices every one that was altered since', async () => {
    const { shelf: disk, reads } = countingShelf();
    const visit = await Visit.open(disk);
    const found = await visit.find();
    await visit.service.get({ found, use: found.uses[0]! });
    const [{ id, files } = { id: '', files: [] }] = await disk.models();
    const before = reads.length;
    expect(await visit.service.files(id)).toHaveLength(4);
    expect(reads.slice(before), 'held to its digest on the way').toEqual([]);
    // The worker of another visit has not seen them.
    const later = new Shelf(disk);
    await later.files(id);
    expect(new Set(reads.slice(before)).size).toBe(4);

    const file = await disk.store.open(files.find(({ path }) => path === 'model.safetensors')!.stored);
    file.truncate(WEIGHTS.length - 1);
    file.append(Uint8Array.of(WEIGHTS.at(-1)! ^ 1));
    await expect(later.files(id)).rejects.toThrow(/model\.safetensors was changed/);
    await expect(visit.service.files(id)).rejects.toThrow(/not stored here as a whole/);
    expect(visit.library.models).toMatchObject([{ whole: false }]);
    await visit.service.resume(id);
    expect(await visit.service.files(id)).toHaveLength(4);
  });

  it('keeps what a conversion has made, in place of an older one', async () => {
    const visit = await Visit.open(shelfOf());
    const about = {
      id: 'made',
      title: 'Made',
      address: 'a/b',
      source: 'converted',
      kind: 'checkpoint',
    } as const;
    for (const text of ['old', 'newer']) {
      await visit.service.put(about, [{ path: 'ranker.json', size: text.length, blob: new Blob([text]) }]);
    }
    expect(visit.library.models).toMatchObject([{ id: 'made', bytes: 5, whole: true }]);
    expect(await (await visit.service.files('made'))[0]!.blob.text()).toBe('newer');
  });

  it('keeps a dropped zip as a checkpoint, or refuses it as a whole', async () => {
    const disk = shelfOf();
    const visit = await Visit.open(disk);
    const zip = async (bend: (path: string, bytes: Buffer) => Buffer) => {
      const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
      for (const { path, bytes } of student.files) {
        // Weights are stored, as most archivers leave what does not shrink.
        const level = path.endsWith('.json') ? 6 : 0;
        await writer.add(`mine/${path}`, new Uint8ArrayReader(bend(path, bytes())), { level });
      }
      return { kind: 'zip', name: 'mine.zip', blob: await writer.close() } as const;
    };
    const bent = await zip((path, bytes) => {
      if (path.endsWith('int8.onnx')) bytes[5000] = bytes[5000]! ^ 1;
      return bytes;
    });
    const wrong = await visit.service.lookInto(bent);
    await visit.service.get({ found: wrong, use: wrong.uses[0]!, local: bent });
    expect(visit.states.at(-1)).toMatchObject({ status: 'failed', error: { code: 'bad-checkpoint' } });
    expect([await disk.store.names(), visit.library.models]).toEqual([[], []]);
    const whole = await zip((_, bytes) => bytes);
    const found = await visit.service.lookInto(whole);
    const stopped = visit.service.get({ found, use: found.uses[0]!, local: whole });
    await visit.service.pause(modelId(found, found.uses[0]!));
    await stopped;
    expect([visit.states.at(-1), await disk.store.names()]).toEqual([null, []]);
    await visit.service.get({ found, use: found.uses[0]!, local: whole });
    const next = await Visit.open(disk);
    expect(next.library.models).toMatchObject([
      { title: 'Rankscope demo student', kind: 'checkpoint', whole: true },
    ]);
    expect(hub.asked).toEqual([]);
  });
});
