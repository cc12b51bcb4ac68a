/** The page's side of the collection worker. */
import * as Comlink from 'comlink';
import type { PoolOptions } from '../evaluation/baselines/popular-pool.ts';
import type {
  CollectionProgress,
  CollectionRequest,
  CollectionSummary,
  CollectionWorkerApi,
  FoundCandidates,
} from './collection-protocol.ts';
import { WorkerConnection, type WorkerLike } from './connection.ts';

const spawnWorker = (): WorkerLike =>
  new Worker(new URL('../../workers/collection.worker.ts', import.meta.url), {
    type: 'module',
    name: 'collection',
  });

/** What the stores need of it; tests give the service itself. */
export interface CollectionWorker {
  open(
    request: CollectionRequest,
    onProgress: (progress: CollectionProgress) => void,
  ): Promise<CollectionSummary>;
  candidates(query: string, depth: number, run?: string, pool?: PoolOptions): Promise<FoundCandidates>;
  cancel(): void;
  /** Ends the worker and frees the collection's memory. */
  terminate(): void;
}

/** Every promise settles: with 'worker' when the worker dies or is terminated. `open` starts a fresh one. */
export class CollectionClient implements CollectionWorker {
  readonly #connection: WorkerConnection<CollectionWorkerApi>;

  constructor(spawn: () => WorkerLike = spawnWorker) {
    this.#connection = new WorkerConnection('collection', spawn);
  }

  open: CollectionWorker['open'] = (request, onProgress) =>
    this.#connection.load((remote) => remote.open(request, Comlink.proxy(onProgress)));

  candidates: CollectionWorker['candidates'] = (query, depth, run, pool) =>
    this.#connection.call((remote) => remote.candidates(query, depth, run, pool));

  cancel(): void {
    this.#connection.tell((remote) => remote.cancel());
  }

  terminate(): void {
    this.#connection.terminate();
  }
}
