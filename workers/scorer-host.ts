/** What ScorerService needs of the world: checkpoints and runtimes. The worker has the real ones, tests their own. */
import { kindNamed } from '../src/checkpoint/kinds.ts';
import { modelSize } from '../src/checkpoint/model-size.ts';
import type { OpenedCheckpoint, OpenOptions } from '../src/checkpoint/open-checkpoint.ts';
import type { ModelSize } from '../src/inference/device-policy.ts';
import type { LoadedModel } from '../src/inference/loaded-model.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import type { RemoteNow } from '../src/remote/cost.ts';
import { WorkerConnection } from '../src/workers/connection.ts';
import type { LoadRequest } from '../src/workers/scorer-protocol.ts';
import { folderOf, openRequest } from './open-request.ts';
import type { ParityApi } from './parity.worker.ts';
import { type WebMachine, webMachine } from './web-machine.ts';
import { wasmRuntime, wasmThreads, webgpuRuntime } from './web-runtime.ts';

/** A model of this machine, or a service. */
export interface LoadedScorer extends LoadedModel {
  /** Of a service. */
  counts?(): RemoteNow;
}

export interface LoadedCheckpoint extends Omit<OpenedCheckpoint, 'scorer'> {
  readonly scorer: LoadedScorer;
}

export interface ScorerHost {
  machine(): Promise<WebMachine>;
  /** What a checkpoint has, before any of its weights is read. */
  size(request: LoadRequest): Promise<ModelSize>;
  open(request: LoadRequest, runtime: Runtime, options: OpenOptions): Promise<LoadedCheckpoint>;
  /** Logits of the parity probe on WASM, in memory that is given back. @param request with the dtype in question */
  yardstick(request: LoadRequest, labels: readonly string[]): Promise<readonly number[]>;
  /** @param threads absent: what the page and its cores allow */
  wasm(threads?: number): Promise<Runtime>;
  webgpu(): Promise<Runtime>;
  /** Events of cached answers come thousands at a time: they are sent together, at most so many milliseconds late. */
  readonly flushMs: number;
}

const startParity = () =>
  new Worker(new URL('./parity.worker.ts', import.meta.url), { type: 'module', name: 'parity' });

export const webHost: ScorerHost = {
  machine: webMachine,
  async size(request) {
    const folder = folderOf(request);
    const kind = kindNamed(request.kind ?? 'fused-t5');
    // A card of its own names the files; only others need a listing.
    const files = kind.id === 'fused-t5' ? [] : await folder.list();
    return modelSize(await kind.describe(folder, files), kind.id, files);
  },
  open: openRequest,
  async yardstick(request, labels) {
    const connection = new WorkerConnection<ParityApi>('parity', startParity);
    try {
      return await connection.load((remote) => remote.logits(request, labels));
    } finally {
      connection.terminate();
    }
  },
  wasm: (threads) => wasmRuntime(wasmThreads(threads)),
  webgpu: webgpuRuntime,
  flushMs: 12,
};
