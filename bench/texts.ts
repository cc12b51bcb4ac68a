/**
 * Query likelihood and listwise ranking of one query, by a fused scorer that judges and writes with an encoder and a decoder
 * (inference/fused-text.ts), against the same scorer asked for one token a run; the same answers, in turn. int8, two threads.
 */
import { readFileSync } from 'node:fs';
import { makeTokenizer } from '../src/checkpoint/tokenizer-files.ts';
import { fusedModel } from '../src/inference/fused-model.ts';
import { T5Scorer } from '../src/inference/t5-scorer.ts';
import { createMethod } from '../src/ranking/create-method.ts';
import { QUERY_GENERATION, RANK_GPT } from '../src/ranking/presets.ts';
import { parseT5Config, type T5Config } from '../src/t5/config.ts';
import { buildScorer } from '../src/t5/scorer-graph.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { sampleJob } from './sample-job.ts';
import { flanT5Small, randomModel } from './shapes.ts';
import { median } from './statistics.ts';

const TEACHER = new URL('../public/models/demo-teacher/', import.meta.url).pathname;
const read = (path: string) => readFileSync(TEACHER + path, 'utf8');
const THREADS = 2;
const megabytes = () => Math.round(process.memoryUsage.rss() / 2 ** 20);

export async function benchTexts(rounds: number) {
  const config = parseT5Config(JSON.parse(read('config.json')), 'config.json');
  const embedded = new Uint8Array(readFileSync(`${TEACHER}onnx/scorer_int8.onnx`));
  return {
    threads: THREADS,
    // Both write as many tokens as they may: 6 for each passage, and 8.
    embedded: await compare(config, embedded, 10, rounds),
    'FLAN-T5-small': await compare(
      flanT5Small.config,
      buildScorer(randomModel(flanT5Small.config), 'int8'),
      4,
      Math.min(rounds, 3),
    ),
  };
}

async function compare(config: T5Config, bytes: Uint8Array, passages: number, rounds: number) {
  const runtime = nodeRuntime(THREADS);
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
      info: { name: '', digest: '', dtype: 'int8', device: 'cpu', threads: THREADS, runtime: '' },
    });
  const before = megabytes();
  const [byToken, apart] = [await open(false), await open(true)];
  const held = megabytes();
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
  const after = megabytes();
  await Promise.all([byToken.dispose(), apart.dispose()]);
  /** Two scorers, then also the encoder and the decoder with what all runs took. */
  return { passages, ...results, megabytesScorers: held - before, megabytesAll: after - before };
}
