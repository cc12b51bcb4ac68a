/** How answers are handed on: run by run where a ranking is watched, several runs together in Node. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mixedPrompts, readSampleCorpus } from '../../trainer/testing/sample-prompts.ts';
import { tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import { embeddedStudent } from '../ranking/embedded-templates.ts';
import { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { fusedModel } from './fused-model.ts';
import { encodePrompt } from './prompt-encoder.ts';
import type { Runtime, RuntimeTensor } from './runtime.ts';
import type { Device, ScoredBatch } from './scorer.ts';
import { T5Scorer } from './t5-scorer.ts';

const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
const tokenizer = new T5Tokenizer(JSON.parse(tokenizerJson), JSON.parse(tokenizerConfigJson), 'tiny/');
const prompts = mixedPrompts(readSampleCorpus('town'), embeddedStudent, 20);
const limits = { maxTokens: 512 };
const ROWS = 4;

/** A scorer on a model that answers with the sum of a row's ids, each run taking `ms` of the clock. */
function scorerOn(device: Device, ms: number, onRun: (run: number) => void = () => {}) {
  let runs = 0;
  const tensor: Runtime['tensor'] = (type, data, dims) => ({ type, data, dims });
  const runtime: Runtime = {
    device,
    threads: 1,
    version: 'test',
    tensor,
    createSession: () => Promise.reject(new Error('not used')),
    yieldTask: () => Promise.resolve(),
  };
  const sums = ({ data, dims }: RuntimeTensor) =>
    Float32Array.from({ length: dims[0]! }, (_, r) =>
      (data as Int32Array).subarray(r * dims[1]!, (r + 1) * dims[1]!).reduce((sum, id) => sum + id, 0),
    );
  const scorer = new T5Scorer({
    runtime,
    tokenizer,
    limits,
    decoderStartId: 0,
    padId: 0,
    info: { name: 'sum', digest: '', dtype: 'fp32', device, threads: 1, runtime: 'test' },
    batching: { rows: ROWS, window: 64, waste: 1 },
    model: fusedModel(runtime, {
      inputNames: [],
      outputNames: [],
      release: () => Promise.resolve(),
      async run(feeds) {
        vi.advanceTimersByTime(ms);
        onRun(++runs);
        const logits = sums(feeds.input_ids!);
        return {
          logits: tensor('float32', logits, [logits.length, 1]),
          log_sum_exp: tensor(
            'float32',
            logits.map((x) => -x),
            [],
          ),
        };
      },
    }),
  });
  return { scorer, runs: () => runs };
}

/** Every answer stands where its prompt's belongs. */
function expectRight(batches: readonly ScoredBatch[]): number[] {
  const seen: number[] = [];
  for (const { indices, logits, logSumExp, tokens, padded } of batches) {
    expect(padded).toBeGreaterThanOrEqual(tokens.reduce((sum, n) => sum + n, 0));
    indices.forEach((prompt, row) => {
      const { ids } = encodePrompt(tokenizer, prompts[prompt]!, limits);
      const sum = ids.reduce((all, id) => all + id, 0);
      expect([logits[row], logSumExp![row], tokens[row]]).toEqual([sum, -sum, ids.length]);
      seen.push(prompt);
    });
  }
  return seen.sort((a, b) => a - b);
}

const all = prompts.map((_, i) => i);
const options = { logSumExp: true };

describe('answers are handed on', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  for (const [device, ms, sizes] of [
    ['cpu', 1, [20]],
    ['cpu', 70, [12, 8]],
    ['cpu', 1000, [4, 4, 4, 4, 4]],
    ['wasm', 1, [4, 4, 4, 4, 4]],
    ['webgpu', 1, [4, 4, 4, 4, 4]],
  ] as const) {
    it(`on ${device} with runs of ${ms} ms: ${sizes.join(', ')}`, async () => {
      const { scorer, runs } = scorerOn(device, ms);
      const batches: ScoredBatch[] = [];
      for await (const batch of scorer.score(prompts, options)) batches.push(batch);
      expect(batches.map(({ indices }) => indices.length)).toEqual(sizes);
      expect(batches.map((batch) => batch.ms)).toEqual(sizes.map((rows) => (ms * rows) / ROWS));
      expect(expectRight(batches)).toEqual(all);
      expect(runs()).toBe(prompts.length / ROWS);
    });
  }

  it('when a run fails: what was answered, then the error', async () => {
    const { scorer } = scorerOn('cpu', 1, (run) => {
      if (run === 4) throw new Error('out of memory');
    });
    const batches: ScoredBatch[] = [];
    const work = async () => {
      for await (const batch of scorer.score(prompts, options)) batches.push(batch);
    };
    await expect(work()).rejects.toThrow('out of memory');
    expect(expectRight(batches)).toHaveLength(3 * ROWS);
  });

  it('when it is cancelled: what was answered, then the error', async () => {
    const stop = new AbortController();
    const { scorer, runs } = scorerOn('cpu', 1, (run) => run === 3 && stop.abort());
    const batches: ScoredBatch[] = [];
    const work = async () => {
      for await (const batch of scorer.score(prompts, { ...options, signal: stop.signal }))
        batches.push(batch);
    };
    await expect(work()).rejects.toMatchObject({ code: 'cancelled' });
    expect(runs()).toBe(3);
    expect(expectRight(batches)).toHaveLength(3 * ROWS);
  });
});
