/** What the download worker does; apart from the worker itself, so that it runs in tests too. */
import { blobSource } from '../src/bytes/blob-source.ts';
import { isAbort, RankscopeError, toErrorData } from '../src/errors.ts';
import { parseModelAddress } from '../src/sources/address.ts';
import { folderOfLocal, lookInto, lookUpAddress } from '../src/sources/look-up.ts';
import { copyModel, downloadModel, type GetWatch } from '../src/storage/models/get-model.ts';
import {
  isWhole,
  type ModelRecord,
  modelId,
  type NewModel,
  newRecord,
} from '../src/storage/models/model-record.ts';
import type { Shelf } from '../src/storage/models/shelf.ts';
import type {
  BlobFile,
  DownloadNews,
  DownloadState,
  DownloadWorkerApi,
  Found,
  GetRequest,
  Library,
  LocalModel,
  Place,
  Progress,
  StoredModel,
  Waiting,
} from '../src/workers/download-protocol.ts';
import type { LibraryChannel, Shelves } from './model-shelves.ts';
import { Throttle } from './throttle.ts';

export interface DownloadParts {
  readonly shelves: () => Promise<Shelves>;
  /** Tells other tabs that the library has changed, and hears of it. */
  readonly channel?: LibraryChannel;
  readonly watch?: Pick<GetWatch, 'sleep' | 'stallMs' | 'offline'>;
  /** Why the page's policy does not let it ask an address; undefined when it does. */
  readonly refused?: (url: string) => string | undefined;
}

/** Progress is reported at most this often. */
const NEWS_MS = 100;

interface Job {
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

export class DownloadService implements DownloadWorkerApi {
  readonly #parts: DownloadParts;
  #opened: Promise<Shelves> | undefined;
  /** What the page makes of it is waited for, so that whoever waits for a call finds its news in the store. */
  #news: (news: DownloadNews) => unknown = () => {};
  readonly #jobs = new Map<string, Job>();
  #looking: AbortController | undefined;
  /** Downloads that the page shows, as it was told last. */
  readonly #told = new Map<string, DownloadState['status']>();

  constructor(parts: DownloadParts) {
    this.#parts = parts;
  }

  async open(onNews: (news: DownloadNews) => void): Promise<Library> {
    this.#news = onNews;
    const { disk } = await this.#shelves();
    await disk?.sweep();
    const library = await this.#library();
    await this.#tellUnfinished(library);
    return library;
  }

  lookUp(text: string, hub: string, onWait: (waiting: Waiting | null) => void): Promise<Found> {
    return this.#look(async (signal) => {
      const address = parseModelAddress(text, hub);
      const asked = address.kind === 'hub' ? address.hub : address.url;
      const why = this.#parts.refused?.(asked);
      if (why !== undefined) throw new RankscopeError('network', why, { host: asked });
      return lookUpAddress(address, { ...this.#parts.watch, signal, onWait });
    });
  }

  lookInto(local: LocalModel): Promise<Found> {
    return this.#look((signal) => lookInto(local, signal));
  }

  cancelLookUp(): void {
    this.#looking?.abort();
  }

  async get({ found, use, place, local }: GetRequest): Promise<void> {
    const id = modelId(found, use);
    if (this.#jobs.has(id)) return this.#jobs.get(id)!.over;
    await this.#run(id, async (watch) => {
      const shelf = await this.#shelfFor(place);
      const fresh = newRecord(found, use);
      // Held from beginning to end: no other tab takes it for what a crash has left, or for a download that stands still.
      await shelf.locks.hold(id, async () =>
        local
          ? this.#copy(shelf, fresh, local, watch)
          : downloadModel(shelf, await this.#begin(shelf, fresh), watch),
      );
    });
  }

  async pause(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    job?.stop.abort();
    await job?.over;
  }

  async resume(id: string, place?: Place): Promise<void> {
    if (this.#jobs.has(id)) return this.#jobs.get(id)!.over;
    await this.#run(id, async (watch) => {
      const { shelf: there, record } = await this.#find(id);
      const shelf = place ? await this.#shelfFor(place) : there;
      const fresh = { ...record, files: record.files.map((file) => ({ ...file, done: false })) };
      await shelf.locks.hold(id, async () => {
        void this.#changed();
        await downloadModel(shelf, shelf === there ? record : await this.#begin(shelf, fresh), watch);
      });
    });
  }

  async cancel(id: string): Promise<void> {
    await this.pause(id);
    await this.#forget(id);
  }

  async remove(id: string): Promise<void> {
    await this.cancel(id);
  }

  async removeAll(): Promise<void> {
    for (const { id } of (await this.#library()).models) await this.pause(id);
    const { disk, memory } = await this.#shelves();
    const gone = [...((await disk?.models()) ?? []), ...(await memory.models())].map(({ id }) => id);
    await disk?.removeAll();
    await memory.removeAll();
    for (const id of gone) this.#tell(id, null);
    await this.#changed();
  }

  async files(id: string): Promise<readonly BlobFile[]> {
    const { shelf } = await this.#find(id);
    try {
      return await shelf.files(id);
    } catch (error) {
      await this.#changed();
      throw error;
    }
  }

  async put(about: NewModel, files: readonly BlobFile[], place?: Place): Promise<void> {
    const writer = (await this.#shelfFor(place)).writer(about);
    try {
      for (const { path, blob } of files) {
        const source = blobSource(writer.name + path, blob);
        const sink = await writer.create(path);
        for await (const piece of source.pieces(0, source.size)) await sink.write(piece);
        await sink.close();
      }
      await writer.commit();
    } catch (error) {
      await writer.discard();
      throw error;
    }
    await this.#changed();
  }

  /** One look-up at a time. */
  async #look<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.cancelLookUp();
    const looking = new AbortController();
    this.#looking = looking;
    return work(looking.signal);
  }

  /** Runs a job to its end and tells how it went; never rejects. */
  async #run(id: string, work: (watch: GetWatch) => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const throttle = new Throttle<Progress>(NEWS_MS, (progress) =>
      this.#tell(id, { status: 'running', progress }),
    );
    const attempt = async (): Promise<void> => {
      this.#tell(id, { status: 'running', progress: await this.#progress(id) });
      try {
        const onProgress = (progress: Progress): void =>
          throttle.give(progress, progress.waiting !== undefined);
        await work({ ...this.#parts.watch, signal: stop.signal, onProgress });
        throttle.stop();
        this.#tell(id, null);
      } catch (error) {
        throttle.stop();
        const progress = await this.#progress(id);
        // Of a copy that was stopped nothing is left to go on with.
        if (isAbort(error)) this.#tell(id, progress.total > 0 ? { status: 'paused', progress } : null);
        else this.#tell(id, { status: 'failed', progress, error: toErrorData(error) });
      } finally {
        this.#jobs.delete(id);
        await this.#changed();
      }
    };
    const over = Promise.resolve().then(attempt);
    this.#jobs.set(id, { stop, over });
    await over;
  }

  /** The record on that shelf, and on no other. */
  async #begin(shelf: Shelf, fresh: ModelRecord): Promise<ModelRecord> {
    const { disk, memory } = await this.#shelves();
    for (const other of [disk, memory]) if (other !== shelf) await other?.remove(fresh.id);
    const record = await shelf.begin(fresh);
    void this.#changed();
    return record;
  }

  /** What was dropped is not there for a second attempt after a reload: it is copied at once, or not kept. */
  async #copy(shelf: Shelf, fresh: ModelRecord, local: LocalModel, watch: GetWatch): Promise<void> {
    const record = await this.#begin(shelf, { ...fresh, unfinished: true });
    if (isWhole(record)) return;
    try {
      await copyModel(shelf, record, await folderOfLocal(local), watch);
      await shelf.records.update(record.id, (copied) => copied && { ...copied, unfinished: undefined });
    } catch (error) {
      await shelf.remove(record.id);
      throw error;
    }
  }

  async #forget(id: string): Promise<void> {
    const { disk, memory } = await this.#shelves();
    await disk?.remove(id);
    await memory.remove(id);
    this.#tell(id, null);
    await this.#changed();
  }

  async #find(id: string): Promise<{ readonly shelf: Shelf; readonly record: ModelRecord }> {
    const { disk, memory } = await this.#shelves();
    for (const shelf of [disk, memory]) {
      const record = await shelf?.records.get(id);
      if (shelf && record) return { shelf, record };
    }
    throw new RankscopeError('missing', 'The model is no longer stored here. Look it up again.');
  }

  async #shelfFor(place: Place | undefined): Promise<Shelf> {
    const { disk, memory } = await this.#shelves();
    return place === 'memory' ? memory : (disk ?? memory);
  }

  async #progress(id: string): Promise<Progress> {
    try {
      const { shelf, record } = await this.#find(id);
      return { bytes: await shelf.held(record), total: record.bytes };
    } catch {
      return { bytes: 0, total: 0 };
    }
  }

  async #library(): Promise<Library> {
    const { disk, memory } = await this.#shelves();
    const models: StoredModel[] = [];
    for (const [shelf, place] of [
      [disk, 'disk'],
      [memory, 'memory'],
    ] as const) {
      for (const record of (await shelf?.models()) ?? []) {
        if (record.unfinished) continue;
        models.push({ ...record, place, held: await shelf!.held(record), whole: isWhole(record) });
      }
    }
    models.sort((a, b) => a.added - b.added);
    return { models, persistent: disk !== undefined, room: (await disk?.store.room()) ?? null };
  }

  async #changed(): Promise<void> {
    this.#parts.channel?.tell();
    await this.#tellLibrary();
  }

  async #tellLibrary(): Promise<void> {
    await this.#news({ library: await this.#library() });
  }

  /** Another tab has changed something. */
  async #hear(): Promise<void> {
    await this.#tellLibrary();
    await this.#tellUnfinished(await this.#library());
  }

  /** How it stands with downloads that are not this tab's, and with those that were. */
  async #tellUnfinished({ models }: Library): Promise<void> {
    for (const id of this.#told.keys()) {
      const isOpen = models.some((model) => model.id === id && !model.whole);
      if (!isOpen && !this.#jobs.has(id)) this.#tell(id, null);
    }
    const { disk } = await this.#shelves();
    for (const { id, whole, held, bytes } of models) {
      if (whole || this.#jobs.has(id)) continue;
      const elsewhere = (await disk?.locks.held(id)) ?? false;
      // What has gone wrong here is to be read until somebody tries again.
      if (!elsewhere && this.#told.get(id) === 'failed') continue;
      this.#tell(id, { status: 'paused', progress: { bytes: held, total: bytes }, elsewhere });
    }
  }

  #shelves(): Promise<Shelves> {
    if (!this.#opened) {
      this.#opened = this.#parts.shelves();
      this.#parts.channel?.listen(() => void this.#hear());
    }
    return this.#opened;
  }

  #tell(id: string, state: DownloadState | null): void {
    if (state) this.#told.set(id, state.status);
    else this.#told.delete(id);
    this.#news({ id, state });
  }
}
