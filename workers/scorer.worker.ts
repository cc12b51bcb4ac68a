/** The scorer worker: one checkpoint, its session and its rankings off the main thread. */

import type { ScorerWorkerApi } from '../src/workers/scorer-protocol.ts';
import { withCallback } from './callback.ts';
import { exposeWorker } from './expose.ts';
import { webHost } from './scorer-host.ts';
import { ScorerService } from './scorer-service.ts';

const service = new ScorerService(webHost);

const api: ScorerWorkerApi = {
  load: (request, onProgress, onSlowTexts) =>
    withCallback(onProgress, (call) => service.load(request, call, onSlowTexts)),
  rank: (job, onEvents) => withCallback(onEvents, (call) => service.rank(job, call)),
  ask: (job, onAnswers) => withCallback(onAnswers, (call) => service.ask(job, call)),
  see: async (job) => service.see(job),
  cancel: () => service.cancel(),
  countTokens: async (texts) => service.countTokens(texts),
  counts: async () => service.counts(),
  dispose: () => service.dispose(),
};

exposeWorker(api);
