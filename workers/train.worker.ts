/** The train worker: a teacher that is asked and a student that learns, off the thread that draws. Its memory goes with it. */
import type { TrainWorkerApi } from '../src/workers/train-protocol.ts';
import { withCallback } from './callback.ts';
import { exposeWorker } from './expose.ts';
import { httpFolder } from './http-folder.ts';
import { TrainService } from './train-service.ts';
import { wasmRuntime, wasmThreads } from './web-runtime.ts';

const service = new TrainService({ runtime: () => wasmRuntime(wasmThreads()), folder: httpFolder });

const api: TrainWorkerApi = {
  open: (request, onProgress) => withCallback(onProgress, (call) => service.open(request, call)),
  set: (settings) => service.set(settings),
  state: () => service.state(),
  run: (steps, onStep) => withCallback(onStep, (call) => service.run(steps, call)),
  pause: () => service.pause(),
  restart: () => service.restart(),
  swap: () => service.swap(),
  student: (facts) => service.student(facts),
  zip: (facts) => service.zip(facts),
};

exposeWorker(api);
