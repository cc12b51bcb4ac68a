/**
 * Keeps the retrieval worker's index in step with the corpus store: reads a new source, indexes
 * it with progress, indexes again when BM25's parameters change. Typing is waited out; a click on
 * Rank is not.
 */
import { RankscopeError, toErrorData } from '../../errors.ts';
import { CANCEL_MS, settledWithin } from '../../workers/promises.ts';
import type { CorpusSummary, IndexProgress, RetrievalWorker } from '../../workers/types.ts';
import { addSampleGrades } from '../grades.ts';
import { type FetchJson, readSample, readSampleIndex } from '../models/catalog.ts';
import { notify, useNotices } from '../notices.ts';
import { useSettings } from '../settings.ts';
import { type CorpusState, isEmpty, useCorpus } from './corpus.ts';
import { contentOf, sampleText } from './corpus-content.ts';
import { notesOf } from './corpus-notes.ts';
import { useQuery } from './query.ts';
import type { Sample } from './samples.ts';

/** Wait after the last keystroke before a text is indexed. */
const TYPING_MS = 400;

interface Job {
  readonly source: string;
  readonly params: string;
  promise: Promise<RetrievalWorker>;
  ready: boolean;
}

export class Indexer {
  readonly #make: () => RetrievalWorker;
  readonly #get: FetchJson;
  #worker: RetrievalWorker | undefined;
  /** The newest job; older ones see that they are not it and give up. */
  #job: Job | undefined;
  /** The job the worker was last given: the next one waits for its end. */
  #busy: Promise<unknown> = Promise.resolve();
  /** What the worker has read. */
  #read: { readonly source: string; readonly summary: CorpusSummary } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Notices about the corpus that are on the page. */
  #told: readonly number[] = [];

  constructor(make: () => RetrievalWorker, get: FetchJson) {
    this.#make = make;
    this.#get = get;
  }

  /** Begins to watch the stores; returns the way to stop. */
  watch(): () => void {
    const stops = [
      useCorpus.subscribe((now, before) => {
        if (now.origin !== before.origin) useQuery.setState({ suggestions: [] });
        if (sourceKey(now) !== sourceKey(before)) this.#soon();
      }),
      useSettings.subscribe((now, before) => {
        if (now.bm25 !== before.bm25) this.#soon();
      }),
    ];
    this.#soon();
    return () => {
      for (const stop of stops) stop();
      clearTimeout(this.#timer);
    };
  }

  /** Reads the list of samples; a failure is reported in the store and leaves the other sources usable. */
  async loadSampleList(): Promise<void> {
    try {
      useCorpus.setState({ samples: await readSampleIndex(this.#get), samplesError: null });
    } catch (error) {
      useCorpus.setState({ samplesError: toErrorData(error).message });
    }
  }

  /** The worker with the current corpus indexed. Rejects with the reason why there is none. */
  index(): Promise<RetrievalWorker> {
    clearTimeout(this.#timer);
    const source = sourceKey(useCorpus.getState());
    const params = JSON.stringify(useSettings.getState().bm25);
    const before = this.#job;
    const died = before?.ready && !this.#worker?.alive;
    if (before?.source === source && before.params === params && !died) return before.promise;
    const job: Job = { source, params, promise: Promise.reject(replaced()), ready: false };
    job.promise.catch(() => {});
    this.#job = job;
    job.promise = this.#run(job, this.#busy);
    this.#busy = job.promise;
    return job.promise;
  }

  /** Ends the worker, what it is doing and its memory. The next `index` starts another. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#job = undefined;
    this.#read = undefined;
  }

  #soon(): void {
    clearTimeout(this.#timer);
    const { source } = useCorpus.getState();
    if (isEmpty(source)) {
      // A job at work sees that it is no longer the newest; the next one drops it.
      this.#job = undefined;
      return;
    }
    this.#timer = setTimeout(() => void this.index().catch(() => {}), source.kind === 'text' ? TYPING_MS : 0);
  }

  async #run(job: Job, before: Promise<unknown>): Promise<RetrievalWorker> {
    try {
      this.#report(job, { phase: 'reading', done: 0, total: 0, perSecond: 0 });
      await this.#drop(before);
      this.#check(job);
      const worker = await this.#build(job);
      job.ready = true;
      return worker;
    } catch (error) {
      if (this.#job === job) {
        // A failed job must not be handed out again: Retry builds anew.
        this.#job = undefined;
        if (!isCurrent(job)) throw error;
        const summary = this.#read?.source === job.source ? this.#read.summary : undefined;
        useCorpus.setState({ index: { state: 'error', error: toErrorData(error), summary } });
      }
      throw error;
    }
  }

  async #build(job: Job): Promise<RetrievalWorker> {
    // A worker that has died starts afresh with the next call, and has read nothing.
    if (!this.#worker?.alive) this.#read = undefined;
    this.#worker ??= this.#make();
    const worker = this.#worker;
    const params = useSettings.getState().bm25;
    const read = this.#read?.source === job.source ? this.#read : undefined;
    if (read) {
      await worker.reindex(params);
      this.#check(job);
      useCorpus.setState({ index: { state: 'ready', summary: read.summary } });
      return worker;
    }
    this.#read = undefined;
    const { source, format, skipBadLines, encoding } = useCorpus.getState();
    const sample = source.kind === 'sample' ? await this.#openSample(job, source.id) : null;
    const content = await contentOf(source, sample);
    this.#check(job);
    const request = {
      source: content,
      format: format ?? 'auto',
      skipBadLines,
      params,
      fileName: 'name' in source ? source.name : undefined,
      // A paste is our own Blob: nothing is to be guessed.
      encoding: source.kind === 'paste' ? 'utf-8' : (encoding ?? undefined),
    };
    const summary = await worker.load(request, (progress) => this.#report(job, progress));
    this.#check(job);
    this.#read = { source: job.source, summary };
    useCorpus.setState({
      index: { state: 'ready', summary },
      textHashes: summary.textHashes && new Set(summary.textHashes),
    });
    this.#tell(summary);
    return worker;
  }

  /** Fetches a sample and shows it: text, suggestions, grades. */
  async #openSample(job: Job, id: string): Promise<Sample> {
    let { sample } = useCorpus.getState();
    if (sample?.id === id) return sample;
    if (useCorpus.getState().samples.length === 0) await this.loadSampleList();
    const { samples, samplesError } = useCorpus.getState();
    const entry = samples.find((s) => s.id === id);
    if (!entry) {
      throw new RankscopeError(
        'missing',
        samplesError ?? `There is no sample “${id}”. Choose another corpus.`,
      );
    }
    sample = await readSample(this.#get, entry);
    this.#check(job);
    addSampleGrades(sample);
    useCorpus.setState({ sample, boxText: sampleText(sample) });
    useQuery.getState().offer(sample.queries.map(({ id: queryId, text }) => ({ id: queryId, text })));
    return sample;
  }

  /** Announces what is worth knowing of this corpus, in place of what was said of the last one. */
  #tell(summary: CorpusSummary): void {
    for (const id of this.#told) useNotices.getState().dismiss(id);
    this.#told = notesOf(summary).map((message) => notify('info', message));
  }

  /** Lets an older job end: asks the worker to drop it, and ends the worker when it does not. */
  async #drop(job: Promise<unknown>): Promise<void> {
    if (await settledWithin(job, 0)) return;
    this.#worker?.cancel();
    if (await settledWithin(job, CANCEL_MS)) return;
    this.#worker?.terminate();
  }

  #report(job: Job, progress: IndexProgress): void {
    if (this.#job === job && isCurrent(job)) useCorpus.setState({ index: { state: 'loading', ...progress } });
  }

  #check(job: Job): void {
    if (this.#job !== job || !isCurrent(job)) throw replaced();
  }
}

/** Whether the corpus is still the one that a job reads: while somebody types, its successor has not begun. */
const isCurrent = ({ source }: Job): boolean => sourceKey(useCorpus.getState()) === source;

const sourceKey = ({ fingerprint, format, encoding, skipBadLines }: CorpusState): string =>
  JSON.stringify([fingerprint, format, encoding, skipBadLines]);

const replaced = (): RankscopeError =>
  new RankscopeError('cancelled', 'The corpus or its settings have changed in the meantime.');
