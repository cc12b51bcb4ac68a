/**
 * Query likelihood and listwise ranking of one query, by a fused scorer that judges and writes with an encoder and a decoder
 * (inference/fused-text.ts), against the same scorer asked for one token a run; the same answers, in turn. int8.
 */
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { makeTokenizer } from '../src/checkpoint/tokenizer-files.ts';
import { fusedModel } from '../src/inference/fused-model.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import { T5Scorer } from '../src/inference/t5-scorer.ts';
import { createMethod } from '../src/ranking/create-method.ts';
import { QUERY_GENERATION, RANK_GPT } from '../src/ranking/presets.ts';
import { parseT5Config, type T5Config } from '../src/t5/config.ts';
import { buildScorer } from '../src/t5/scorer-graph.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { ortRuntime } from '../workers/ort-runtime.ts';
import { sampleJob } from './sample-job.ts';
import { flanT5Small, randomModel } from './shapes.ts';
import { median } from './statistics.ts';

const TEACHER = new URL('../public/models/demo-teacher/', import.meta.url).pathname;
const read = (path: string) => readFileSync(TEACHER + path, 'utf8');
const THREADS = 2;

export async function benchTexts(rounds: number) {
  const node = nodeRuntime(THREADS);
  ort.env.wasm.numThreads = 1;
  // The page's engine, in this process, which has no threads for it.
  const wasm: Runtime = { ...node, ...ortRuntime(ort, ['wasm']), device: 'wasm', threads: 1 };
  const config = parseT5Config(JSON.parse(read('config.json')), 'config.json');
  const embedded = new Uint8Array(readFileSync(`${TEACHER}onnx/scorer_int8.onnx`));
  return {
    threads: THREADS,
    // All write as many tokens as they may: 6 for each passage, and 8.
    embedded: await compare(node, config, embedded, 10, rounds),
    embeddedOnWasm: await compare(wasm, config, embedded, 10, Math.min(rounds, 3)),
    'FLAN-T5-small': await compare(
      node,
      flanT5Small.config,
      buildScorer(randomModel(flanT5Small.config), 'int8'),
      4,
      Math.min(rounds, 3),
    ),
  };
}

async function compare(
  runtime: Runtime,
  config: T5Config,
  bytes: Uint8Array,
  passages: number,
  rounds: number,
) {
  const source = { config, dtype: 'int8', read: async () => ({ model: bytes }) } as const;
  const tokenizer = makeTokenizer('', read('tokenizer.json'), read('tokenizer_config.json'));
  const open = async (apart: boolean) =>
    new T5Scorer({
      runtime,
      model: fusedModel(runtime, await runtime.createSession(bytes), apart ? source : undefined),
      tokenizer,
      limits: { maxTokens: 2048 },
      decoderStartId: config.decoderStartId,
      padId: config.padId,
      info: {
        name: '',
        digest: '',
        dtype: 'int8',
        device: runtime.device,
        threads: runtime.threads,
        runtime: '',
      },
    });
  const [byToken, apart] = [await open(false), await open(true)];
  const methods = {
    qlm: () => createMethod('qlm', { template: QUERY_GENERATION }),
    listwise: () => createMethod('listwise', { template: RANK_GPT, window: passages, step: 1 }),
  };
  const job = sampleJob('immunity.json', passages);
  const ask = async (method: keyof typeof methods, scorer: T5Scorer) => {
    const began = performance.now();
    for await (const _event of methods[method]().rank(job.query, job.candidates, scorer)) {
      // What the screen reads.
    }
    return performance.now() - began;
  };
  const results: Record<string, object> = {};
  for (const method of ['qlm', 'listwise'] as const) {
    const began = performance.now();
    await ask(method, apart);
    const first = performance.now() - began;
    const times = { before: [] as number[], after: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.before.push(await ask(method, byToken));
      times.after.push(await ask(method, apart));
    }
    results[method] = {
      /** Milliseconds of a query, its encoder and decoder started with the first. */
      first,
      before: median(times.before),
      after: median(times.after),
      timesAsFast: median(times.before.map((ms, i) => ms / times.after[i]!)),
    };
  }
  await Promise.all([byToken.dispose(), apart.dispose()]);
  return { passages, ...results };
}
