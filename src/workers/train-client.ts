/** The page's side of the train worker: one training in a worker of its own, ended with it. */
import * as Comlink from 'comlink';
import { WorkerConnection, type WorkerLike } from './connection.ts';
import type {
  StudentFacts,
  StudentFiles,
  TrainedStep,
  TrainOpened,
  TrainProgress,
  TrainRequest,
  TrainSettings,
  TrainState,
  TrainWorkerApi,
} from './train-protocol.ts';

const spawn = (): WorkerLike =>
  new Worker(new URL('../../workers/train.worker.ts', import.meta.url), { type: 'module', name: 'train' });

/** Every promise settles: with 'worker' when the worker dies, and then nothing is left of the student. */
export class TrainClient implements TrainWorkerApi {
  readonly #connection: WorkerConnection<TrainWorkerApi>;

  constructor(start: () => WorkerLike = spawn) {
    this.#connection = new WorkerConnection<TrainWorkerApi>('train', start);
  }

  open(request: TrainRequest, onProgress: (progress: TrainProgress) => void): Promise<TrainOpened> {
    // The address is relative to the page, not to the worker's script.
    const absolute = { ...request, url: new URL(request.url, location.href).href };
    return this.#connection.load((remote) => remote.open(absolute, Comlink.proxy(onProgress)));
  }

  set(settings: TrainSettings): void {
    this.#connection.tell((remote) => remote.set(settings));
  }

  state(): Promise<TrainState> {
    return this.#connection.call((remote) => remote.state());
  }

  run(steps: number, onStep: (step: TrainedStep) => void): Promise<void> {
    return this.#connection.call((remote) => remote.run(steps, Comlink.proxy(onStep)));
  }

  pause(): void {
    this.#connection.tell((remote) => remote.pause());
  }

  restart(): Promise<TrainState> {
    return this.#connection.call((remote) => remote.restart());
  }

  swap(): Promise<TrainState> {
    return this.#connection.call((remote) => remote.swap());
  }

  student(facts: StudentFacts): Promise<StudentFiles> {
    return this.#connection.call((remote) => remote.student(facts) as Promise<StudentFiles>);
  }

  zip(facts: StudentFacts): Promise<Blob> {
    return this.#connection.call((remote) => remote.zip(facts));
  }

  /** Ends the worker and frees what it holds; what is pending rejects with 'worker'. */
  close(): void {
    this.#connection.terminate();
  }
}
