/** Downloads against the hub of the tests: whatever happens on the way, the digest is the same or nobody gets the file. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Harm } from '../../../e2e/hub-server/faults.ts';
import { HubServer, rateLimited } from '../../../e2e/hub-server/hub-server.ts';
import { repoOfFiles } from '../../../e2e/hub-server/repo.ts';
import { lookUp } from '../../sources/look-up.ts';
import { downloadModel, type Progress } from './get-model.ts';
import { fileLocks, type WebLocks } from './locks.ts';
import { memoryStore } from './memory-store.ts';
import { isWhole, type ModelRecord, newRecord } from './model-record.ts';
import { memoryModelRecords } from './model-records.ts';
import { Shelf } from './shelf.ts';

const SIZE = 200_003;
const WEIGHTS = new Uint8Array(SIZE).map((_, i) => (i * 2654435761) >>> 11);
const SHA256 = createHash('sha256').update(WEIGHTS).digest('hex');
const repo = repoOfFiles({
  'config.json': '{"model_type": "t5"}',
  'tokenizer.json': '{"a": 1}',
  'tokenizer_config.json': '{}',
  'model.safetensors': WEIGHTS,
});
let hub: HubServer;

beforeAll(async () => {
  hub = await HubServer.start();
  hub.host('owner/name', { repo, license: 'apache-2.0', modelType: 't5' });
});
beforeEach(() => {
  hub.faults.clear();
  hub.asked.length = 0;
});
afterAll(() => hub.close());

const sleep = async (): Promise<void> => {};
const watch = { sleep, stallMs: 1000 };
const newShelf = (most?: number, locks?: WebLocks) =>
  new Shelf({ store: memoryStore(most), records: memoryModelRecords(), locks: fileLocks(locks) });

async function wanted(shelf: Shelf): Promise<ModelRecord> {
  const found = await lookUp('owner/name', hub.url, { sleep });
  return shelf.begin(newRecord(found, found.uses[0]!));
}

async function weightsOn(shelf: Shelf, { id }: ModelRecord): Promise<Buffer> {
  const file = (await shelf.files(id)).find(({ path }) => path === 'model.safetensors')!;
  return Buffer.from(await (file.blob as globalThis.Blob).arrayBuffer());
}

const harm = (...harms: Harm[]) => hub.faults.add(...harms.map((one) => ({ on: 'cdn' as const, harm: one })));
const ranges = () =>
  hub.asked.filter(({ on }) => on === 'cdn').map(({ headers }) => headers.range ?? 'whole');

describe('a download', () => {
  it('brings all files of a use, each held to its digest, with no header but Range', async () => {
    const shelf = newShelf();
    const record = await wanted(shelf);
    const seen: Progress[] = [];
    await downloadModel(shelf, record, { ...watch, onProgress: (progress) => seen.push(progress) });
    expect(
      createHash('sha256')
        .update(await weightsOn(shelf, record))
        .digest('hex'),
    ).toBe(SHA256);
    const stored = (await shelf.records.get(record.id))!;
    expect(isWhole(stored)).toBe(true);
    expect(stored.files.find(({ path }) => path === 'model.safetensors')!.sha256).toBe(SHA256);
    expect(seen.at(-1)).toMatchObject({ bytes: record.bytes, total: record.bytes });
    expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).sort((a, b) => a - b));
    const sent = new Set(hub.asked.flatMap(({ headers }) => Object.keys(headers)));
    for (const header of ['authorization', 'if-range', 'cookie', 'referer'])
      expect(sent).not.toContain(header);
    expect(hub.asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('ends in the same digest when its connection is cut at 100 random places', async () => {
    const cuts = fc.sample(fc.integer({ min: 1, max: SIZE - 1 }), { numRuns: 100, seed: 17 });
    for (let at = 0; at < cuts.length; at += 4) {
      const shelf = newShelf();
      const record = await wanted(shelf);
      harm(...cuts.slice(at, at + 4).map((cutAfter) => ({ cutAfter })));
      await downloadModel(shelf, record, watch);
      expect((await weightsOn(shelf, record)).equals(WEIGHTS)).toBe(true);
      hub.faults.clear();
    }
    // What had come was not asked for again.
    expect(ranges().filter((range) => range !== 'whole').length).toBeGreaterThan(20);
  });

  it('whatever harm comes in whatever order, it ends in the whole file, or in an error and no file', async () => {
    const offset = fc.nat(SIZE);
    const harms: fc.Arbitrary<Harm> = fc.oneof(
      fc.record({ cutAfter: offset }),
      fc.record({ cutAfter: offset, ignoreRange: fc.constant(true as const) }),
      fc.constantFrom<Harm>(
        ...[{ ignoreRange: true as const }, { wrongRange: true as const }, { html: true as const }],
        ...[{ altered: true as const }, { status: 503 }, { status: 403 }, rateLimited(3)],
      ),
      fc.record({ altered: fc.constant(true as const), cutAfter: offset }),
      fc.record({ stallAfter: offset }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(harms, { maxLength: 8 }), async (all) => {
        hub.faults.clear();
        harm(...all);
        const shelf = newShelf();
        const record = await wanted(shelf);
        try {
          await downloadModel(shelf, record, { ...watch, stallMs: 60 });
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(network|bad-checkpoint)$/) });
          await expect(shelf.files(record.id)).rejects.toMatchObject({ code: 'missing' });
          // And it stands in nobody's way.
          hub.faults.clear();
          await downloadModel(shelf, (await shelf.records.get(record.id))!, watch);
        }
        expect((await weightsOn(shelf, record)).equals(WEIGHTS)).toBe(true);
      }),
      { numRuns: 40, seed: 17 },
    );
  });

  it('pauses and goes on later where it was, with a new address from the hub', async () => {
    const shelf = newShelf();
    const record = await wanted(shelf);
    const stop = new AbortController();
    harm({ stallAfter: 120_000 });
    const paused = downloadModel(shelf, record, {
      ...watch,
      stallMs: 10_000,
      signal: stop.signal,
      onProgress: ({ bytes }) => bytes > 110_000 && stop.abort(),
    });
    await expect(paused).rejects.toMatchObject({ code: 'cancelled' });
    const left = await shelf.held(record);
    expect(left).toBeGreaterThan(110_000);
    await expect(shelf.files(record.id)).rejects.toThrow(/not stored here as a whole/);
    hub.asked.length = 0;
    await downloadModel(shelf, (await shelf.records.get(record.id))!, watch);
    expect((await weightsOn(shelf, record)).equals(WEIGHTS)).toBe(true);
    expect(hub.asked.map(({ on, headers }) => [on, headers.range])).toEqual([
      ['hub', expect.stringMatching(/^bytes=1\d{5}-$/)],
      ['cdn', expect.stringMatching(/^bytes=1\d{5}-$/)],
    ]);
  });

  it('begins again when what had come was altered meanwhile, or is longer than the file', async () => {
    for (const junk of [new Uint8Array(50_000), new Uint8Array(SIZE), new Uint8Array(SIZE + 9)]) {
      const shelf = newShelf();
      const record = await wanted(shelf);
      const { stored } = record.files.find(({ path }) => path === 'model.safetensors')!;
      (await shelf.store.open(stored)).append(junk);
      await downloadModel(shelf, record, watch);
      expect((await weightsOn(shelf, record)).equals(WEIGHTS)).toBe(true);
    }
  });

  it('gives up on what is not what the hub lists, and leaves nothing of it', async () => {
    const shelf = newShelf();
    const record = await wanted(shelf);
    harm({ altered: true }, { altered: true });
    await expect(downloadModel(shelf, record, watch)).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringContaining('model.safetensors is not what'),
    });
    const { stored } = record.files.find(({ path }) => path === 'model.safetensors')!;
    expect((await shelf.store.blob(stored))!.size).toBe(0);
  });

  it('notices a small file that is not the one of the commit, by its git id', async () => {
    const shelf = newShelf();
    const record = await wanted(shelf);
    hub.faults.add({
      on: 'hub',
      path: /resolve-cache.*\/tokenizer\.json/,
      harm: { altered: true },
      times: 2,
    });
    await expect(downloadModel(shelf, record, watch)).rejects.toMatchObject({ code: 'bad-checkpoint' });
  });

  it('waits for limits and stalls, says so, and ends a wait when it is cancelled', async () => {
    const shelf = newShelf();
    const record = await wanted(shelf);
    harm(rateLimited(12), { stallAfter: 70_000 }, { status: 503 });
    const waits: string[] = [];
    await downloadModel(shelf, record, {
      ...watch,
      onProgress: ({ waiting }) => waiting && waits.push(`${waiting.reason} ${waiting.seconds}`),
    });
    expect(waits).toEqual(['rate-limit 12', 'retry 1', 'retry 2']);
    const stop = new AbortController();
    const other = newShelf();
    harm(rateLimited(120));
    const waiting = downloadModel(other, await wanted(other), {
      signal: stop.signal,
      onProgress: (progress) => progress.waiting && stop.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says how much finds no room, before and in the middle', async () => {
    const early = newShelf(1000);
    await expect(downloadModel(early, await wanted(early), watch)).rejects.toMatchObject({
      code: 'storage',
      details: { full: true, missing: expect.any(Number) },
    });
    const store = memoryStore(150_000);
    // As browsers do, it promises more than it has.
    const promising = { ...store, room: async () => ({ used: 0, quota: 1e9 }) };
    const late = new Shelf({ store: promising, records: memoryModelRecords(), locks: fileLocks(undefined) });
    const record = await wanted(late);
    await expect(downloadModel(late, record, watch)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/\d+ kB of owner\/name find no room/),
    });
    await expect(late.files(record.id)).rejects.toMatchObject({ code: 'missing' });
  });

  it('says that a host cannot be reached, and keeps what has come', async () => {
    const away = await HubServer.start();
    away.host('owner/name', { repo, modelType: 't5' });
    const shelf = newShelf();
    const found = await lookUp('owner/name', away.url, { sleep });
    const record = await shelf.begin(newRecord(found, found.uses[0]!));
    await away.close();
    const seen: string[] = [];
    await expect(
      downloadModel(shelf, record, {
        ...watch,
        onProgress: ({ waiting }) => waiting && seen.push(waiting.message),
      }),
    ).rejects.toThrow(/broke off: 127\.0\.0\.1:\d+ cannot be reached\. What has come is kept/);
    expect(seen[0]).toMatch(/^127\.0\.0\.1:\d+ cannot be reached: trying again in 1 s\.$/);
    expect(seen).toHaveLength(5);
    // Without a network nothing is waited for.
    seen.length = 0;
    const offline = { ...watch, offline: () => true };
    await expect(downloadModel(shelf, record, offline)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(
        /stopped: this machine is offline\. What has come is kept, and it goes on/,
      ),
    });
    expect(seen).toEqual([]);
  });

  it('leaves a file alone that another tab is writing', async () => {
    const taken: WebLocks = { request: (_name, _options, work) => work(null) };
    const shelf = newShelf(undefined, taken);
    await expect(downloadModel(shelf, await wanted(shelf), watch)).rejects.toMatchObject({
      code: 'storage',
      details: { busy: true },
    });
  });
});
