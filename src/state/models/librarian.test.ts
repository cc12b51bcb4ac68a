import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { RankscopeError } from '../../errors.ts';
import { memoryTextStore } from '../../storage/local.ts';
import type { convertInWorker } from '../../workers/convert-client.ts';
import type { Converted, ConvertProgress, ConvertRequest } from '../../workers/convert-protocol.ts';
import type { DownloadWorker } from '../../workers/download-client.ts';
import type {
  DownloadNews,
  DownloadState,
  Found,
  GetRequest,
  Library,
  StoredModel,
  Waiting,
} from '../../workers/download-protocol.ts';
import { readKnownModels } from './known-models.ts';
import { Librarian } from './librarian.ts';
import { bytesStored, emptyLibrary, useLibrary } from './library.ts';

const CATALOGUE = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../public/models/catalogue.json'), 'utf8'),
) as unknown;

const use = { kind: 'original', files: [], bytes: 100 } as const;
const found: Found = {
  id: 'hub:a/b@c',
  title: 'a/b',
  address: 'a/b',
  source: 'hub',
  commit: 'c',
  files: [],
  uses: [use],
};
const model = (patch: Partial<StoredModel> = {}): StoredModel => ({
  format: 1,
  id: 'm',
  title: 'a/b',
  address: 'a/b',
  source: 'hub',
  kind: 'original',
  files: [],
  bytes: 100,
  added: 1,
  place: 'disk',
  held: 100,
  whole: true,
  ...patch,
});
const running = (bytes: number): DownloadState => ({ status: 'running', progress: { bytes, total: 100 } });

/** The worker's boundary: what it was asked for, and news as the test wants them. */
class FakeWorker implements DownloadWorker {
  readonly calls: unknown[][] = [];
  library: Library = { models: [], persistent: true, room: { used: 5, quota: 50 } };
  tell: (news: DownloadNews) => void = () => {};
  die: (reason: RankscopeError) => void = () => {};
  answer: (text: string, onWait: (waiting: Waiting | null) => void) => Promise<Found> = async () => found;

  open = async (onNews: (news: DownloadNews) => void): Promise<Library> => {
    this.calls.push(['open']);
    this.tell = onNews;
    return this.library;
  };
  lookUp = (text: string, hub: string, onWait: (waiting: Waiting | null) => void): Promise<Found> => {
    this.calls.push(['lookUp', text, hub]);
    return this.answer(text, onWait);
  };
  lookInto = async (): Promise<Found> => ({ ...found, source: 'local' });
  cancelLookUp = (): void => void this.calls.push(['cancelLookUp']);
  get = async (request: GetRequest): Promise<void> => void this.calls.push(['get', request]);
  pause = async (id: string): Promise<void> => void this.calls.push(['pause', id]);
  resume = async (id: string, place?: string): Promise<void> => void this.calls.push(['resume', id, place]);
  cancel = async (id: string): Promise<void> => void this.calls.push(['cancel', id]);
  remove = async (id: string): Promise<void> => void this.calls.push(['remove', id]);
  removeAll = async (): Promise<void> => void this.calls.push(['removeAll']);
  files = async () => [];
  put = async (): Promise<void> => void this.calls.push(['put']);
  onDeath = (listener: (reason: RankscopeError) => void) => {
    this.die = listener;
    return () => {};
  };
}

let worker: FakeWorker;
let local: ReturnType<typeof memoryTextStore>;
let librarian: Librarian;
const state = useLibrary.getState;
const fetched: string[] = [];
const fetchJson = async (path: string) => {
  fetched.push(path);
  return CATALOGUE;
};

beforeEach(() => {
  useLibrary.setState(emptyLibrary, true);
  fetched.length = 0;
  worker = new FakeWorker();
  local = memoryTextStore();
  librarian = new Librarian({ worker, fetchJson, local });
});

describe('the library', () => {
  it('starts nothing by itself; opened, it shows the catalogue and what is stored', async () => {
    expect([worker.calls, fetched]).toEqual([[], []]);
    worker.library = { ...worker.library, models: [model(), model({ id: 'n', held: 30, whole: false })] };
    await Promise.all([librarian.open(), librarian.open()]);
    expect(worker.calls).toEqual([['open']]);
    expect(state()).toMatchObject({ persistent: true, room: { used: 5 }, storedError: null });
    expect(bytesStored(state())).toBe(130);
    expect(
      state().known!.find(({ address }) => address === 'fireballoon/rank-flan-t5-xl')!.unavailable,
    ).toMatch(/4 GB/);
  });

  it('looks up what is typed, at the hub that was set, which it remembers', async () => {
    librarian.setText('a/b');
    librarian.setHub('https://mirror.example/');
    worker.answer = async (_text, onWait) => {
      onWait({ reason: 'rate-limit', seconds: 9, message: 'wait' });
      expect(state().lookUp).toMatchObject({ status: 'looking', waiting: { seconds: 9 } });
      return found;
    };
    await librarian.lookUp();
    expect(worker.calls).toContainEqual(['lookUp', 'a/b', 'https://mirror.example']);
    expect(state().lookUp).toMatchObject({ status: 'found', found: { title: 'a/b' } });
    useLibrary.setState(emptyLibrary, true);
    new Librarian({ worker, fetchJson, local });
    expect(state().hub).toBe('https://mirror.example');
  });

  it('says what is wrong with a hub’s address, and asks nobody', async () => {
    librarian.setHub('ftp://x');
    expect(state().hubError).toMatchObject({ code: 'bad-input' });
    await librarian.lookUp('a/b');
    expect(state().lookUp).toMatchObject({ status: 'failed', error: { code: 'bad-input' } });
    expect(worker.calls.map(([name]) => name)).not.toContain('lookUp');
    librarian.setHub('');
    expect(state().hubError).toBeNull();
  });

  it('drops the answer to a look-up that is no longer wanted', async () => {
    let late: (found: Found) => void = () => {};
    worker.answer = (text) =>
      text === 'slow/one' ? new Promise((resolve) => (late = resolve)) : Promise.resolve(found);
    const slow = librarian.lookUp('slow/one');
    await expect.poll(() => worker.calls.length).toBe(2);
    await librarian.lookUp('a/b');
    late({ ...found, title: 'slow/one' });
    await slow;
    expect(state().lookUp).toMatchObject({ found: { title: 'a/b' } });
    const waiting = librarian.lookUp('slow/one');
    librarian.cancelLookUp();
    late(found);
    await waiting;
    expect(state().lookUp).toEqual({ status: 'idle' });
  });

  it('shows a failed look-up in words', async () => {
    worker.answer = async () => {
      throw new RankscopeError('missing', 'It does not exist.');
    };
    await librarian.lookUp('a/none');
    expect(state().lookUp).toMatchObject({ status: 'failed', error: { message: 'It does not exist.' } });
  });

  it('fetches a use of what was found, and follows it to its end', async () => {
    await librarian.download();
    expect(worker.calls).toEqual([]);
    await librarian.lookUp('a/b');
    await librarian.download(0, 'memory');
    expect(worker.calls.at(-1)).toEqual(['get', { found, use, place: 'memory', local: undefined }]);
    worker.tell({ id: 'm', state: running(10) });
    expect(state().downloads).toEqual({ m: running(10) });
    worker.tell({ library: { ...worker.library, models: [model()] } });
    worker.tell({ id: 'm', state: null });
    expect([state().downloads, state().stored]).toMatchObject([{}, [{ whole: true }]]);
  });

  it('passes on pause, resume, cancel and removal', async () => {
    await librarian.pause('m');
    await librarian.resume('m', 'memory');
    await librarian.cancel('m');
    await librarian.remove('m');
    await librarian.removeAll();
    expect(worker.calls).toEqual([
      ...[
        ['open'],
        ['pause', 'm'],
        ['resume', 'm', 'memory'],
        ['cancel', 'm'],
        ['remove', 'm'],
        ['removeAll'],
      ],
    ]);
  });

  it('outlives its worker: what ran has failed, and resuming starts another', async () => {
    worker.library = {
      ...worker.library,
      models: [model({ whole: false, held: 40 }), model({ id: 'n', place: 'memory' })],
    };
    await librarian.open();
    worker.tell({ id: 'm', state: running(40) });
    worker.die(new RankscopeError('worker', 'The download worker ended unexpectedly.'));
    expect(state().downloads.m).toMatchObject({
      status: 'failed',
      progress: { bytes: 40 },
      error: { code: 'worker' },
    });
    // What it had in memory went with it.
    expect(state().stored!.map(({ id }) => id)).toEqual(['m']);
    await librarian.resume('m');
    expect(worker.calls.filter(([name]) => name === 'open')).toHaveLength(2);
  });

  it('goes on with what a lost connection broke, once it is back', async () => {
    await librarian.open();
    const failed = (code: 'network' | 'storage'): DownloadState => ({
      status: 'failed',
      progress: { bytes: 1, total: 2 },
      error: { code, message: '' },
    });
    worker.tell({ id: 'm', state: failed('network') });
    worker.tell({ id: 'n', state: failed('storage') });
    librarian.online();
    await expect.poll(() => worker.calls).toContainEqual(['resume', 'm', undefined]);
    expect(worker.calls).not.toContainEqual(['resume', 'n', undefined]);
  });
});

describe('converting', () => {
  const progress: ConvertProgress = { stage: 'scorer', what: 'onnx/scorer_int8.onnx', done: 5, total: 10 };
  let asked: ConvertRequest[] = [];
  /** Ends when the test says so; a cancelled one rejects, as the worker's does. */
  let end: (made: Converted | Error) => void = () => {};
  const id = 'hub:a/b@c|original';
  const original = model({ id });
  const converting = () => state().conversions[id];

  beforeEach(() => {
    asked = [];
    const convert: typeof convertInWorker = (request, onProgress, signal) => {
      asked.push(request);
      onProgress(progress);
      return new Promise((resolve, reject) => {
        end = (made) => (made instanceof Error ? reject(made) : resolve(made));
        signal?.addEventListener('abort', () => reject(new RankscopeError('cancelled', 'Cancelled.')));
      });
    };
    librarian = new Librarian({ worker, fetchJson, local, convert, dtypesFor: () => ['q8', 'int8'] });
    worker.library = { ...worker.library, models: [original] };
  });

  it('follows a download, tells how far it is, and puts the checkpoint in the original’s place', async () => {
    await librarian.lookUp('a/b');
    const all = librarian.download();
    await expect.poll(converting).toMatchObject({ status: 'running', progress });
    expect(asked).toMatchObject([
      {
        source: 'a/b',
        dtypes: ['q8', 'int8'],
        place: 'disk',
        about: { id: `converted:${id}`, kind: 'checkpoint' },
      },
    ]);
    end({} as Converted);
    await all;
    expect(worker.calls.slice(-1)).toEqual([['remove', id]]);
    expect(converting()).toBeUndefined();
  });

  it('leaves the original where it is cancelled or fails, and can begin again in memory', async () => {
    await librarian.open();
    const first = librarian.convert(id);
    await expect.poll(() => asked.length).toBe(1);
    librarian.cancelConversion(id);
    await first;
    expect(converting()).toBeUndefined();
    const second = librarian.convert(id);
    await expect.poll(() => asked.length).toBe(2);
    end(new RankscopeError('storage', 'Full.', { full: true }));
    await second;
    expect(converting()).toMatchObject({ status: 'failed', error: { message: 'Full.' } });
    expect(worker.calls.map(([name]) => name)).not.toContain('remove');
    const third = librarian.convert(id, 'memory');
    await expect.poll(() => asked.length).toBe(3);
    end({ files: [] } as unknown as Converted);
    await third;
    expect(asked[2]!.place).toBe('memory');
    expect(worker.calls.slice(-2)).toEqual([['put'], ['remove', id]]);
  });

  it('ends before its original is removed', async () => {
    await librarian.open();
    const converted = librarian.convert(id);
    await expect.poll(() => asked.length).toBe(1);
    await librarian.remove(id);
    await converted;
    expect([converting(), worker.calls.at(-1)]).toEqual([undefined, ['remove', id]]);
  });
});

it('refuses a catalogue that is not one', async () => {
  for (const data of [null, {}, { version: 1, entries: [{}] }, { version: 1, entries: [{ address: 'x' }] }]) {
    await expect(readKnownModels(async () => data)).rejects.toMatchObject({ code: 'bad-input' });
  }
  expect(await readKnownModels(async () => CATALOGUE)).toHaveLength(13);
});
