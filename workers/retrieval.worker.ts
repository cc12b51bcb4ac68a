/** The retrieval worker: BM25 off the main thread. */
import * as Comlink from 'comlink';
import { exposeWorker } from './expose.ts';
import type { CorpusLoadRequest, IndexProgress, RetrievalWorkerApi } from './retrieval-protocol.ts';
import { RetrievalService } from './retrieval-service.ts';

type OnProgress = (progress: IndexProgress) => void;

/** A callback of the page is a proxy with a message port of its own: close it after the work. */
async function withCallback<T>(
  callback: OnProgress | undefined,
  work: (call: OnProgress) => Promise<T>,
): Promise<T> {
  const proxy = callback as Comlink.Remote<OnProgress> | undefined;
  let last: Promise<void> | undefined;
  try {
    return await work((progress) => {
      last = proxy?.(progress);
    });
  } finally {
    // The answer travels on another port: wait, or it could overtake the last report.
    await last;
    proxy?.[Comlink.releaseProxy]();
  }
}

const service = new RetrievalService();

const api: RetrievalWorkerApi = {
  load: (request: CorpusLoadRequest, onProgress) =>
    withCallback(onProgress, (call) => service.load(request, call)),
  search: (query, k) => service.search(query, k),
  reindex: (params, onProgress) => withCallback(onProgress, (call) => service.reindex(params, call)),
  passages: (ids) => service.passages(ids),
  cancel: () => service.cancel(),
};

exposeWorker(api);
