/** The retrieval worker: BM25 off the main thread. */

import type { CorpusLoadRequest, RetrievalWorkerApi } from '../src/workers/retrieval-protocol.ts';
import { withCallback } from './callback.ts';
import { exposeWorker } from './expose.ts';
import { RetrievalService } from './retrieval-service.ts';

const service = new RetrievalService();

const api: RetrievalWorkerApi = {
  load: (request: CorpusLoadRequest, onProgress) =>
    withCallback(onProgress, (call) => service.load(request, call)),
  search: (query, k, fill) => service.search(query, k, fill),
  reindex: (params, onProgress) => withCallback(onProgress, (call) => service.reindex(params, call)),
  cancel: () => service.cancel(),
};

exposeWorker(api);
