/** Keeps the library's store in step with the download worker. */
import { isAbort, RankscopeError, toErrorData } from '../../errors.ts';
import type { Dtype } from '../../inference/scorer.ts';
import { PUBLIC_HUB, parseHubAddress } from '../../sources/address.ts';
import { readLocal, type TextStore, writeLocal } from '../../storage/local.ts';
import { modelId } from '../../storage/models/model-record.ts';
import { RateMeter } from '../../storage/models/rate.ts';
import type { convertInWorker } from '../../workers/convert-client.ts';
import type { DownloadWorker } from '../../workers/download-client.ts';
import type {
  BlobFile,
  DownloadNews,
  DownloadState,
  Library,
  LocalModel,
  NewModel,
  StoredModel,
} from '../../workers/download-protocol.ts';
import type { FetchJson } from './catalog.ts';
import { readKnownModels } from './known-models.ts';
import { type Conversion, type LibraryActions, type LookUp, useLibrary } from './library.ts';
import { convertedOf, isOriginal } from './stored-models.ts';

export interface LibrarianParts {
  readonly worker: DownloadWorker;
  readonly fetchJson: FetchJson;
  readonly local: TextStore;
  /** Asks the browser not to clear the storage by itself; its answer changes nothing here. */
  readonly persist?: () => Promise<unknown>;
  /** Runs the convert worker. */
  readonly convert?: typeof convertInWorker;
  /** What an original of so many bytes is converted to, on this machine. */
  readonly dtypesFor?: (bytes: number) => readonly Dtype[];
}

const HUB_KEY = 'hub';
const set = useLibrary.setState;
const get = useLibrary.getState;

export class Librarian implements LibraryActions {
  readonly #parts: LibrarianParts;
  #opening: Promise<void> | undefined;
  /** Counts look-ups: the answer to a former one is dropped. */
  #asked = 0;
  readonly #converting = new Map<string, { readonly stop: AbortController; readonly over: Promise<void> }>();

  constructor(parts: LibrarianParts) {
    this.#parts = parts;
    const hub = readLocal(parts.local, HUB_KEY, 1, (data) => (typeof data === 'string' ? data : undefined));
    if (hub.state === 'ok') set({ hub: hub.data });
    parts.worker.onDeath((reason) => this.#died(reason));
  }

  async open(): Promise<void> {
    const known = get().known ? undefined : this.#readKnown();
    await Promise.all([known, this.#open().catch(() => {})]);
  }

  setText(text: string): void {
    set({ text });
  }

  setHub(hub: string): void {
    try {
      const address = parseHubAddress(hub.trim() === '' ? PUBLIC_HUB : hub);
      writeLocal(this.#parts.local, HUB_KEY, 1, address);
      set({ hub, hubError: null });
    } catch (error) {
      set({ hub, hubError: toErrorData(error) });
    }
  }

  async lookUp(text = get().text): Promise<void> {
    const { hub } = get();
    await this.#look(async (onWait) => ({
      status: 'found',
      found: await this.#parts.worker.lookUp(
        text,
        parseHubAddress(hub.trim() === '' ? PUBLIC_HUB : hub),
        onWait,
      ),
    }));
  }

  async lookInto(given: LocalModel | Promise<LocalModel>): Promise<void> {
    await this.#look(async () => {
      const local = await given;
      return { status: 'found', local, found: await this.#parts.worker.lookInto(local) };
    });
  }

  cancelLookUp(): void {
    this.#asked++;
    this.#parts.worker.cancelLookUp();
    set({ lookUp: { status: 'idle' } });
  }

  async download(use = 0, place?: 'disk' | 'memory'): Promise<void> {
    const { lookUp } = get();
    const chosen = lookUp.status === 'found' ? lookUp.found.uses[use] : undefined;
    if (lookUp.status !== 'found' || !chosen) return;
    const { found, local } = lookUp;
    if (place !== 'memory') await this.#parts.persist?.().catch(() => {});
    await this.#tell(undefined, () => this.#parts.worker.get({ found, use: chosen, place, local }));
    await this.#convertIfWhole(modelId(found, chosen), place);
  }

  pause = (id: string): Promise<void> => this.#tell(id, () => this.#parts.worker.pause(id));
  async resume(id: string, place?: 'disk' | 'memory'): Promise<void> {
    await this.#tell(id, () => this.#parts.worker.resume(id, place));
    await this.#convertIfWhole(id, place);
  }
  cancel = (id: string): Promise<void> => this.#tell(id, () => this.#parts.worker.cancel(id));
  async remove(id: string): Promise<void> {
    await this.#endConversion(id);
    await this.#tell(id, () => this.#parts.worker.remove(id));
  }

  async removeAll(): Promise<void> {
    await Promise.all([...this.#converting.keys()].map((id) => this.#endConversion(id)));
    await this.#tell(undefined, () => this.#parts.worker.removeAll());
  }

  async files(id: string): Promise<readonly BlobFile[]> {
    await this.#open();
    return this.#parts.worker.files(id);
  }

  /** Keeps a model that the page has made. @throws RankscopeError. */
  async put(about: NewModel, files: readonly BlobFile[]): Promise<void> {
    await this.#open();
    await this.#parts.worker.put(about, files);
  }

  async convert(id: string, place?: 'disk' | 'memory'): Promise<void> {
    const model = this.#stored(id);
    if (!model?.whole || this.#converting.has(id)) return;
    const stop = new AbortController();
    this.#conversion(id, { status: 'running', progress: null });
    const over = this.#convert(model, place ?? model.place, stop.signal).then(
      () => this.#conversion(id, null),
      (error: unknown) =>
        this.#conversion(id, isAbort(error) ? null : { status: 'failed', error: toErrorData(error) }),
    );
    this.#converting.set(id, { stop, over });
    await over.finally(() => this.#converting.delete(id));
  }

  cancelConversion(id: string): void {
    this.#converting.get(id)?.stop.abort();
  }

  /** The connection is back: what it broke goes on. */
  online(): void {
    for (const [id, state] of Object.entries(get().downloads)) {
      if (state.status === 'failed' && state.error.code === 'network') void this.resume(id);
    }
  }

  async #look(
    ask: (onWait: (waiting: Extract<LookUp, { status: 'looking' }>['waiting']) => void) => Promise<LookUp>,
  ) {
    const asked = ++this.#asked;
    const give = (lookUp: LookUp): void => {
      if (asked === this.#asked) set({ lookUp });
    };
    give({ status: 'looking', waiting: null });
    try {
      await this.#open();
      // Cancelled while the worker started: nobody is asked.
      if (asked !== this.#asked) return;
      give(await ask((waiting) => give({ status: 'looking', waiting })));
    } catch (error) {
      give(isAbort(error) ? { status: 'idle' } : { status: 'failed', error: toErrorData(error) });
    }
  }

  /** Has the worker do something with a download; that it cannot even be asked is a failure of the download. */
  async #tell(id: string | undefined, say: () => Promise<void>): Promise<void> {
    try {
      await this.#open();
      await say();
    } catch (error) {
      const data = toErrorData(error);
      if (id !== undefined) this.#state(id, { status: 'failed', progress: this.#progress(id), error: data });
      else set({ storedError: data });
    }
  }

  /** Starts the worker unless it runs. */
  #open(): Promise<void> {
    this.#opening ??= this.#parts.worker
      .open((news) => this.#hear(news))
      .then((found) => this.#show(found))
      .catch((error: unknown) => {
        this.#opening = undefined;
        set({ storedError: toErrorData(error) });
        throw error;
      });
    return this.#opening;
  }

  async #readKnown(): Promise<void> {
    try {
      set({ known: await readKnownModels(this.#parts.fetchJson), knownError: null });
    } catch (error) {
      set({ knownError: toErrorData(error) });
    }
  }

  #hear(news: DownloadNews): void {
    if ('library' in news) this.#show(news.library);
    else this.#state(news.id, news.state);
  }

  #show({ models, persistent, room }: Library): void {
    set({ stored: models, storedError: null, persistent, room });
  }

  #state(id: string, state: DownloadState | null): void {
    const { [id]: _former, ...others } = get().downloads;
    set({ downloads: state ? { ...others, [id]: state } : others });
  }

  async #convert(model: StoredModel, place: 'disk' | 'memory', signal: AbortSignal): Promise<void> {
    const { id, title, bytes } = model;
    const { convert, dtypesFor, worker } = this.#parts;
    if (!convert) throw new RankscopeError('internal', 'There is no convert worker.');
    const about = convertedOf(model);
    const files = await this.files(id);
    const rate = new RateMeter();
    const made = await convert(
      { files, source: title, about, dtypes: dtypesFor?.(bytes) ?? ['int8'], place },
      (progress) => {
        rate.add(progress.done);
        const secondsLeft = rate.secondsLeft(progress.total - progress.done);
        if (!signal.aborted) this.#conversion(id, { status: 'running', progress, secondsLeft });
      },
      signal,
    );
    if (made.files) await worker.put(about, made.files, place);
    // The checkpoint is whole: what it was made of is not needed any more.
    await worker.remove(id);
  }

  async #endConversion(id: string): Promise<void> {
    this.cancelConversion(id);
    await this.#converting.get(id)?.over;
  }

  async #convertIfWhole(id: string, place?: 'disk' | 'memory'): Promise<void> {
    const model = this.#stored(id);
    if (model?.whole && isOriginal(model)) await this.convert(id, place);
  }

  #stored(id: string): StoredModel | undefined {
    return get().stored?.find((one) => one.id === id);
  }

  #conversion(id: string, state: Conversion | null): void {
    const { [id]: _former, ...others } = get().conversions;
    set({ conversions: state ? { ...others, [id]: state } : others });
  }

  #progress(id: string): DownloadState['progress'] {
    const model = this.#stored(id);
    return get().downloads[id]?.progress ?? { bytes: model?.held ?? 0, total: model?.bytes ?? 0 };
  }

  /** What runs has ended with it; what had come is kept, and resuming starts another worker. */
  #died(reason: RankscopeError): void {
    this.#opening = undefined;
    const error = toErrorData(reason);
    for (const [id, { status, progress }] of Object.entries(get().downloads)) {
      if (status === 'running') this.#state(id, { status: 'failed', progress, error });
    }
    const memory = get().stored?.filter(({ place }) => place === 'memory') ?? [];
    if (memory.length > 0) set({ stored: get().stored!.filter((model) => !memory.includes(model)) });
  }
}
