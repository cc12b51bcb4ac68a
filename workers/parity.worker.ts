/** The yardstick of a checkpoint on WebGPU: the same weights on WASM, in a worker whose heap ends with it. */
import { probeLogits } from '../src/inference/parity.ts';
import type { LoadRequest } from '../src/workers/scorer-protocol.ts';
import { exposeWorker } from './expose.ts';
import { openRequest } from './open-request.ts';
import { wasmRuntime, wasmThreads } from './web-runtime.ts';

const api = {
  async logits(request: LoadRequest, labels: readonly string[]): Promise<readonly number[]> {
    const runtime = await wasmRuntime(wasmThreads(request.threads));
    const { scorer } = await openRequest(request, runtime, { dtype: request.dtype });
    return probeLogits(scorer, labels);
  },
};

export type ParityApi = typeof api;

exposeWorker(api);
