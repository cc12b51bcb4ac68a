/** onnxruntime-node as the Runtime of scorers and training: the trainer, the command line and tests run on it. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import type { Runtime, RuntimeSession, RuntimeTensor } from '../../src/inference/runtime.ts';
import { nodeExternalData } from './external-data.ts';
import { SESSION_EXTRA } from './session-options.ts';

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };

/** Threads of a Node scorer when nothing else is asked: the machine's cores, at most 8. */
export const defaultThreads = () => Math.min(availableParallelism(), 8);

/** A run lets other tasks in before it begins: a turn more is for Ctrl-C after long ones, not after each short one. */
const YIELD_MS = 100;
let yielded = 0;

export function nodeRuntime(threads = defaultThreads()): Runtime {
  return {
    device: 'cpu',
    threads,
    version: `onnxruntime-node ${version}`,
    async createSession(model, { externalData, arena = true } = {}) {
      const { files, session: mapped } = await nodeExternalData(externalData);
      const session = await ort.InferenceSession.create(model, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        enableMemPattern: false, // lengths vary: patterns only cost memory
        enableCpuMemArena: arena,
        // Its warnings are about graph rewrites that it decided not to make.
        logSeverityLevel: 3,
        externalData: files,
        extra: { session: { ...SESSION_EXTRA.session, ...mapped } },
      });
      return session as unknown as RuntimeSession;
    },
    tensor: (type, data, dims) => new ort.Tensor(type, data as never, dims) as unknown as RuntimeTensor,
    yieldTask() {
      const now = performance.now();
      if (now - yielded < YIELD_MS) return Promise.resolve();
      yielded = now;
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}
