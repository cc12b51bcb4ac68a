/** The data that is evaluated on: what is open, what was recognised of it, what is wrong with it. */
import { create } from 'zustand';
import { type ErrorData, isAbort, RankscopeError, toErrorData } from '../../errors.ts';
import type { Bm25Params } from '../../retrieval/types.ts';
import type { BlobFile } from '../../sources/blob-folder.ts';
import type { LocalModel } from '../../sources/local-files.ts';
import type { Records } from '../../storage/records.ts';
import type { Qrels } from '../../types.ts';
import type { CollectionWorker } from '../../workers/collection-client.ts';
import type {
  CollectionProgress,
  CollectionSource,
  CollectionSummary,
} from '../../workers/collection-protocol.ts';
import { isListOf, isObject, isText } from '../checks.ts';
import { type FetchJson, readSample, readSampleIndex } from '../models/catalog.ts';
import { useSettings } from '../settings.ts';

/** Where data came from: what is stored of it, to be read again after a reload. */
export type DataSource =
  | Extract<CollectionSource, { readonly kind: 'files' | 'zip' }>
  | { readonly kind: 'sample'; readonly id: string };

export interface CollectionState {
  readonly state: 'none' | 'opening' | 'ready' | 'error';
  /** What is being opened, or is open. */
  readonly name: string;
  readonly progress: CollectionProgress | null;
  readonly summary: CollectionSummary | null;
  readonly qrels: Qrels;
  readonly error: ErrorData | null;
  /** With what BM25 the corpus was indexed. */
  readonly bm25: Bm25Params | null;
}

export const noCollection: CollectionState = {
  state: 'none',
  name: '',
  progress: null,
  summary: null,
  qrels: new Map(),
  error: null,
  bm25: null,
};

export const useCollection = create<CollectionState>()(() => noCollection);

const KEY = 'evaluate/source';

export interface CollectionDeps {
  readonly worker: () => CollectionWorker;
  readonly records: Records;
  readonly fetchJson: FetchJson;
}

export class Collections {
  readonly #deps: CollectionDeps;
  #worker: CollectionWorker | undefined;
  #source: DataSource | undefined;
  #split: string | undefined;
  /** The newest opening; older ones see that they are not it. */
  #turn = 0;

  constructor(deps: CollectionDeps) {
    this.#deps = deps;
  }

  /** The worker that holds what is open. @throws RankscopeError 'missing' where nothing is */
  get worker(): CollectionWorker {
    if (!this.#worker) throw new RankscopeError('missing', 'No data is open. Open some first.');
    return this.#worker;
  }

  /** Opens files, a folder or a zip. Loose files that lack something are added to those that were opened before. */
  async openLocal(local: Promise<LocalModel>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const given = await local;
      if (turn !== this.#turn) return;
      const source: DataSource =
        given.kind === 'zip'
          ? { kind: 'zip', name: given.name, blob: given.blob }
          : { kind: 'files', name: given.name, files: given.files };
      await this.#open(source);
      const { error } = useCollection.getState();
      if (!error?.details?.incomplete || source.kind !== 'files') return;
      const together = merged(this.#incomplete ?? this.#openFiles, source.files);
      this.#incomplete = together;
      if (together.length > source.files.length) await this.#open({ ...source, files: together });
    } catch (error) {
      if (turn === this.#turn) this.#fail(error, '', useCollection.getState());
    }
  }

  /** Files that were not enough by themselves: the next ones may complete them. */
  #incomplete: readonly BlobFile[] | undefined;
  #openFiles: readonly BlobFile[] = [];

  openSample(id: string): Promise<void> {
    return this.#open({ kind: 'sample', id });
  }

  /** Takes other judgments of the same data. */
  async chooseSplit(split: string): Promise<void> {
    if (this.#source) await this.#open(this.#source, split);
  }

  /** Reads the same again: after an error, or with other parameters of BM25. */
  async reopen(): Promise<void> {
    if (this.#source) await this.#open(this.#source, this.#split);
  }

  cancel(): void {
    this.#worker?.cancel();
  }

  /** Closes what is open, and forgets it. */
  async close(): Promise<void> {
    this.#turn++;
    this.stop();
    this.#source = undefined;
    this.#incomplete = undefined;
    this.#openFiles = [];
    useCollection.setState(noCollection);
    await this.#deps.records.delete('corpus', KEY);
  }

  /** Opens what was open before a reload. Nothing happens where nothing was, or something else is open by now. */
  async restore(): Promise<void> {
    const turn = this.#turn;
    const stored = readSource(await this.#deps.records.get('corpus', KEY));
    if (!stored || turn !== this.#turn) return;
    await this.#open(stored.source, stored.split, false);
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #open(source: DataSource, split?: string, store = true): Promise<void> {
    const turn = ++this.#turn;
    const before = useCollection.getState();
    const name = source.kind === 'sample' ? source.id : source.name;
    const { bm25 } = useSettings.getState();
    useCollection.setState({ state: 'opening', name, progress: null, error: null });
    try {
      const full = await this.#content(source);
      this.#worker ??= this.#deps.worker();
      const summary = await this.#worker.open({ source: full, split, bm25 }, (progress) => {
        if (turn === this.#turn) useCollection.setState({ progress });
      });
      if (turn !== this.#turn) return;
      this.#source = source;
      this.#split = summary.split;
      this.#openFiles = source.kind === 'files' ? source.files : [];
      this.#incomplete = undefined;
      const qrels = new Map(summary.qrels.map(([query, grades]) => [query, new Map(grades)]));
      useCollection.setState({ state: 'ready', name: summary.name, progress: null, summary, qrels, bm25 });
      if (store) await this.#deps.records.put('corpus', KEY, { format: 1, source, split: summary.split });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#fail(isAbort(error) ? null : error, name, before);
    }
  }

  /** What was open before stays open. @param error null: it was cancelled */
  #fail(error: unknown, name: string, before: CollectionState): void {
    const data = error === null ? null : toErrorData(error);
    if (before.summary) useCollection.setState({ ...before, state: 'ready', progress: null, error: data });
    else useCollection.setState({ ...noCollection, state: data ? 'error' : 'none', name, error: data });
  }

  async #content(source: DataSource): Promise<CollectionSource> {
    if (source.kind !== 'sample') return source;
    const entry = (await readSampleIndex(this.#deps.fetchJson)).find(({ id }) => id === source.id);
    if (!entry) throw new RankscopeError('missing', `There is no sample “${source.id}”. Choose another.`);
    const { title, passages, queries } = await readSample(this.#deps.fetchJson, entry);
    return { kind: 'sample', name: title, passages, queries };
  }
}

/** Newer files take the place of those with the same path. */
function merged(before: readonly BlobFile[], after: readonly BlobFile[]): readonly BlobFile[] {
  const files = new Map(before.map((file) => [file.path, file]));
  for (const file of after) files.set(file.path, file);
  return [...files.values()];
}

function readSource(value: unknown): { readonly source: DataSource; readonly split?: string } | undefined {
  if (!isObject(value) || value.format !== 1 || !isObject(value.source)) return undefined;
  const { source } = value;
  const split = isText(value.split) && value.split !== '' ? value.split : undefined;
  if (source.kind === 'sample' && isText(source.id))
    return { source: { kind: 'sample', id: source.id }, split };
  if (!isText(source.name)) return undefined;
  if (source.kind === 'zip' && source.blob instanceof Blob) {
    return { source: { kind: 'zip', name: source.name, blob: source.blob }, split };
  }
  if (source.kind === 'files' && isListOf(source.files, isBlobFile)) {
    return { source: { kind: 'files', name: source.name, files: source.files }, split };
  }
  return undefined;
}

const isBlobFile = (value: unknown): value is BlobFile =>
  isObject(value) && isText(value.path) && value.blob instanceof Blob;
