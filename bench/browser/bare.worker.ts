/** session.run over recorded tensors, nothing else: the yardstick of the browser's scoring bench. */
import * as Comlink from 'comlink';
import { httpFolder } from '../../workers/http-folder.ts';
import { wasmRuntime } from '../../workers/web-runtime.ts';
import { type Job, type Prepared, prepareScoring } from '../scoring-job.ts';

let prepared: Prepared | undefined;

const api = {
  async prepare(url: string, job: Job, threads: number) {
    prepared = await prepareScoring(httpFolder(url), await wasmRuntime(threads), job);
    const { calls, padding, dtype } = prepared;
    return { calls, padding, dtype };
  },
  run: () => prepared!.bare(),
};

export type BareApi = typeof api;
Comlink.expose(api);
