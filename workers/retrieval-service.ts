/** What the retrieval worker does; apart from the worker itself, so that it runs in tests too. */
import { throwIfCancelled } from '../src/errors.ts';
import type { Bm25Index } from '../src/retrieval/bm25-index.ts';
import { buildIndex } from '../src/retrieval/build.ts';
import { Slices } from '../src/retrieval/slices.ts';
import type { Bm25Params } from '../src/retrieval/types.ts';
import { textHash } from '../src/text-hash.ts';
import type { Passage } from '../src/types.ts';
import {
  type CorpusLoadRequest,
  type CorpusSummary,
  type IndexProgress,
  MOST_HASHES,
  type RetrievalWorkerApi,
  type SearchAnswer,
} from '../src/workers/retrieval-protocol.ts';
import { ProgressReporter } from './retrieval-progress.ts';
import { readCorpus } from './retrieval-read.ts';

/** Passages shown to people to check that a corpus was read as meant. */
const FIRST = 5;

const NOTHING = { hits: [], passages: [], matched: 0, filled: [], words: 'none' } as const;

type OnProgress = (progress: IndexProgress) => void;

export class RetrievalService implements RetrievalWorkerApi {
  #index: Bm25Index | undefined;
  #job: AbortController | undefined;

  async load(request: CorpusLoadRequest, onProgress: OnProgress): Promise<CorpusSummary> {
    return this.#run(async (signal) => {
      const started = performance.now();
      const { passages, ...corpus } = await readCorpus(request, signal, onProgress);
      const textHashes = passages.length > MOST_HASHES ? null : await hashesOf(passages, signal);
      const read = performance.now();
      this.#index = await indexed(passages, request.params, signal, onProgress);
      return {
        ...corpus,
        passages: passages.length,
        firstPassages: passages.slice(0, FIRST),
        textHashes,
        readMs: read - started,
        indexMs: performance.now() - read,
      };
    });
  }

  search(query: string, k: number, fill = false): SearchAnswer {
    const started = performance.now();
    const result = this.#index?.search(query, k, { fill }) ?? NOTHING;
    return { ...result, ms: performance.now() - started };
  }

  async reindex(params: Bm25Params, onProgress: OnProgress = () => {}): Promise<number> {
    const started = performance.now();
    return this.#run(async (signal) => {
      if (this.#index && !this.#index.retune(params)) {
        this.#index = await indexed(this.#index.passages, params, signal, onProgress);
      }
      return performance.now() - started;
    });
  }

  cancel(): void {
    this.#job?.abort();
    this.#job = undefined;
  }

  /** One job at a time: a new one cancels the running one. */
  async #run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.cancel();
    const job = new AbortController();
    this.#job = job;
    try {
      return await work(job.signal);
    } finally {
      if (this.#job === job) this.#job = undefined;
    }
  }
}

/** Names of the texts, each once: the page knows by them which judged passages are in the corpus. */
async function hashesOf(passages: readonly Passage[], signal: AbortSignal): Promise<readonly string[]> {
  const slices = new Slices();
  const hashes = new Set<string>();
  for (const { text } of passages) {
    hashes.add(textHash(text));
    if (slices.over()) await slices.pause();
    throwIfCancelled(signal);
  }
  return [...hashes];
}

function indexed(
  passages: readonly Passage[],
  params: Bm25Params,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Bm25Index> {
  const progress = new ProgressReporter('indexing', passages.length, onProgress);
  return buildIndex(passages, params, { signal, onProgress: (done) => progress.report(done) });
}
