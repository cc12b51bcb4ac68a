/** The page's side of the download worker. */
import * as Comlink from 'comlink';
import type { RankscopeError } from '../errors.ts';
import { WorkerConnection, type WorkerLike } from './connection.ts';
import type {
  BlobFile,
  DownloadNews,
  DownloadWorkerApi,
  Found,
  GetRequest,
  Library,
  LocalModel,
  NewModel,
  Place,
  Waiting,
} from './download-protocol.ts';

const spawnWorker = (): WorkerLike =>
  new Worker(new URL('../../workers/download.worker.ts', import.meta.url), {
    type: 'module',
    name: 'download',
  });

/** As the stores use it; tests have their own. Every promise settles: with 'worker' when the worker dies. */
export interface DownloadWorker extends Omit<DownloadWorkerApi, 'cancelLookUp'> {
  cancelLookUp(): void;
  /** Calls back at every death of the worker; what had come until then is kept, and `open` starts another. */
  onDeath(listener: (reason: RankscopeError) => void): () => void;
}

export class DownloadClient implements DownloadWorker {
  readonly #connection: WorkerConnection<DownloadWorkerApi>;

  /** @param spawn and `startMs` are for tests: by default the real worker, and a generous time to start */
  constructor(spawn: () => WorkerLike = spawnWorker, startMs?: number) {
    this.#connection = new WorkerConnection('download', spawn, startMs);
  }

  open(onNews: (news: DownloadNews) => void): Promise<Library> {
    return this.#connection.load((remote) => remote.open(Comlink.proxy(onNews)) as Promise<Library>);
  }

  lookUp(text: string, hub: string, onWait: (waiting: Waiting | null) => void): Promise<Found> {
    return this.#connection.call(
      (remote) => remote.lookUp(text, hub, Comlink.proxy(onWait)) as Promise<Found>,
    );
  }

  lookInto(local: LocalModel): Promise<Found> {
    return this.#connection.call((remote) => remote.lookInto(local) as Promise<Found>);
  }

  cancelLookUp(): void {
    this.#connection.tell((remote) => remote.cancelLookUp());
  }

  get(request: GetRequest): Promise<void> {
    return this.#connection.call((remote) => remote.get(request));
  }

  pause(id: string): Promise<void> {
    return this.#connection.call((remote) => remote.pause(id));
  }

  resume(id: string, place?: Place): Promise<void> {
    return this.#connection.call((remote) => remote.resume(id, place));
  }

  cancel(id: string): Promise<void> {
    return this.#connection.call((remote) => remote.cancel(id));
  }

  remove(id: string): Promise<void> {
    return this.#connection.call((remote) => remote.remove(id));
  }

  removeAll(): Promise<void> {
    return this.#connection.call((remote) => remote.removeAll());
  }

  files(id: string): Promise<readonly BlobFile[]> {
    return this.#connection.call((remote) => remote.files(id) as Promise<readonly BlobFile[]>);
  }

  put(about: NewModel, files: readonly BlobFile[], place?: Place): Promise<void> {
    return this.#connection.call((remote) => remote.put(about, files, place));
  }

  onDeath(listener: (reason: RankscopeError) => void): () => void {
    return this.#connection.onDeath(listener);
  }
}
