/** The page's side of the retrieval worker. */
import * as Comlink from 'comlink';
import type { RankscopeError } from '../errors.ts';
import type { Bm25Params } from '../retrieval/types.ts';
import { WorkerConnection, type WorkerLike } from './connection.ts';
import type {
  CorpusLoadRequest,
  CorpusSummary,
  IndexProgress,
  RetrievalWorkerApi,
  SearchAnswer,
} from './retrieval-protocol.ts';
import type { RetrievalWorker } from './types.ts';

const spawnWorker = (): WorkerLike =>
  new Worker(new URL('../../workers/retrieval.worker.ts', import.meta.url), {
    type: 'module',
    name: 'retrieval',
  });

/**
 * Calls as in RetrievalWorkerApi. Every promise settles: with 'worker' when the worker dies or is
 * terminated. From then on every call but `load`, which starts a fresh worker, rejects with 'worker'.
 */
export class RetrievalClient implements RetrievalWorker {
  readonly #connection: WorkerConnection<RetrievalWorkerApi>;

  /** @param spawn and `startMs` are for tests: by default the real worker, and a generous time to start */
  constructor(spawn: () => WorkerLike = spawnWorker, startMs?: number) {
    this.#connection = new WorkerConnection('retrieval', spawn, startMs);
  }

  get alive(): boolean {
    return this.#connection.loaded;
  }

  load(request: CorpusLoadRequest, onProgress: (progress: IndexProgress) => void): Promise<CorpusSummary> {
    return this.#connection.load((remote) => remote.load(request, Comlink.proxy(guarded(onProgress))));
  }

  /** Hits with their passages, the number of matches and the time: one message there and one back. */
  find(query: string, k: number, fill = false): Promise<SearchAnswer> {
    return this.#connection.call((remote) => remote.search(query, k, fill));
  }

  reindex(params: Bm25Params, onProgress: (progress: IndexProgress) => void = () => {}): Promise<number> {
    return this.#connection.call((remote) => remote.reindex(params, Comlink.proxy(guarded(onProgress))));
  }

  /** Ends a running load or reindex, which rejects with 'cancelled'. The previous index stays. */
  cancel(): void {
    this.#connection.tell((remote) => remote.cancel());
  }

  terminate(reason?: RankscopeError): void {
    this.#connection.terminate(reason);
  }
}

/** A fault in the page's callback must not reject the worker's work. A fresh function: proxy marks it. */
function guarded(onProgress: (progress: IndexProgress) => void): (progress: IndexProgress) => void {
  return (progress) => {
    try {
      onProgress(progress);
    } catch (error) {
      reportError(error);
    }
  };
}
