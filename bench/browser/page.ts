/**
 * The browser half of the scoring bench. `app` is the real thing as the page sees it: the scorer
 * client, its worker, comlink and the events that cross. `bare` is a worker that loops session.run
 * over the same tensors. Both are warm, and take turns.
 */
import * as Comlink from 'comlink';
import { defaultTemplate } from '../../src/ranking/templates.ts';
import { ScorerClient } from '../../src/workers/scorer-client.ts';
import type { Job } from '../scoring-job.ts';
import type { BareApi } from './bare.worker.ts';

export interface BrowserRounds {
  readonly app: number[];
  readonly bare: number[];
  readonly calls: number;
  readonly padding: number;
  readonly dtype: 'fp32' | 'int8' | 'q8' | 'q4';
  readonly threads: number;
}

async function bench(url: string, job: Job, rounds: number): Promise<BrowserRounds> {
  const client = new ScorerClient('teacher');
  const ready = await client.load({ url, device: 'wasm' }, () => {});
  const template = defaultTemplate('prp-allpair', ready.card.templates);
  const app = async () => {
    const began = performance.now();
    await client.rank({ method: 'prp-allpair', template, ...job }, () => {});
    return performance.now() - began;
  };
  const worker = new Worker(new URL('./bare.worker.ts', import.meta.url), { type: 'module' });
  const bare = Comlink.wrap<BareApi>(worker);
  const prepared = await bare.prepare(new URL(url, location.href).href, job, ready.info.threads);
  await app();
  await bare.run();
  const times = { app: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await bare.run());
    times.app.push(await app());
  }
  client.terminate();
  worker.terminate();
  return { ...times, ...prepared, threads: ready.info.threads };
}

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
