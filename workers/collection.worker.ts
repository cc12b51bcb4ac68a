/** The collection worker: reads test collections and finds their candidates, beside the page. */
import type { CollectionWorkerApi } from '../src/workers/collection-protocol.ts';
import { withCallback } from './callback.ts';
import { CollectionService } from './collection-service.ts';
import { exposeWorker } from './expose.ts';

const service = new CollectionService();

const api: CollectionWorkerApi = {
  open: (request, onProgress) => withCallback(onProgress, (call) => service.open(request, call)),
  candidates: (query, depth, run, pool) => service.candidates(query, depth, run, pool),
  cancel: () => service.cancel(),
};

exposeWorker(api);
