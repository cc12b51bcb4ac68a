/** Likelihoods and text of a T5Scorer on a tiny checkpoint; the numbers themselves are label-text.test.ts's. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { mixedPrompts, readSampleCorpus } from '../../trainer/testing/sample-prompts.ts';
import { tinyModel, tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import { embeddedStudent } from '../ranking/embedded-templates.ts';
import { buildScorer } from '../t5/scorer-graph.ts';
import { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { fusedModel } from './fused-model.ts';
import { CAPABILITIES, can } from './ranker-model.ts';
import { T5Scorer } from './t5-scorer.ts';

const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
const tokenizer = new T5Tokenizer(JSON.parse(tokenizerJson), JSON.parse(tokenizerConfigJson), 'tiny/');
const prompts = mixedPrompts(readSampleCorpus('town'), embeddedStudent, 7);
let scorer: T5Scorer;

beforeAll(async () => {
  const runtime = nodeRuntime(1);
  const bytes = buildScorer(tinyModel(), 'fp32');
  const model = fusedModel(runtime, await runtime.createSession(bytes), {
    config: tinyModel().config,
    dtype: 'fp32',
    read: async () => ({ model: bytes }),
  });
  scorer = new T5Scorer({
    runtime,
    model,
    tokenizer,
    limits: { maxTokens: 128 },
    decoderStartId: 0,
    padId: 0,
    info: { name: 'tiny', digest: '', dtype: 'fp32', device: 'cpu', threads: 1, runtime: 'test' },
    batching: { rows: 3, window: 4, waste: 0.5 },
  });
});
afterAll(() => scorer.dispose());

async function all<T>(batches: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

it('says what it can do', () => {
  expect(CAPABILITIES.filter((one) => can(scorer, one))).toEqual(['logits', 'likelihood', 'generation']);
});

it('gives the likelihood of each prompt’s own target, the first token’s as its logit says', async () => {
  const asked = prompts.map((prompt, i) => ({ ...prompt, target: i % 3 === 0 ? 'yes water' : 'town' }));
  const batches = await all(scorer.likelihoods(asked));
  const found = new Map(
    batches.flatMap(({ indices, logProbabilities }) =>
      [...indices].map((prompt, row) => [prompt, logProbabilities[row]!] as const),
    ),
  );
  expect([...found.keys()].sort((a, b) => a - b)).toEqual(prompts.map((_, i) => i));
  for (const [i, { target }] of asked.entries()) {
    expect(found.get(i)).toHaveLength(tokenizer.count(target));
    const [{ logits, logSumExp } = { logits: [], logSumExp: [] }] = await all(
      scorer.score([{ ...prompts[i]!, labels: ['yes'] }], { logSumExp: true }),
    );
    if (target === 'yes water') expect(found.get(i)![0]).toBeCloseTo(logits[0]! - logSumExp![0]!, 4);
    const [alone] = await all(scorer.likelihoods([asked[i]!]));
    for (const [k, value] of alone!.logProbabilities[0]!.entries())
      expect(found.get(i)![k]).toBeCloseTo(value, 4);
  }
  expect(batches.flatMap(({ tokens }) => [...tokens]).every((tokens) => tokens > 0 && tokens <= 128)).toBe(
    true,
  );
  // A prompt is read once, whatever its text.
  expect(batches.every(({ tokens, padded = 0 }) => padded >= tokens.reduce((sum, n) => sum + n, 0))).toBe(
    true,
  );
  expect(batches.some(({ truncations }) => truncations.length > 0)).toBe(true);
});

it('writes as many tokens as it may, and stops before a text that is to end it', async () => {
  const options = { maxNewTokens: 5, minNewTokens: 5 };
  const whole = await all(scorer.generate(prompts, options));
  expect(whole.flatMap(({ newTokens }) => [...newTokens])).toEqual(prompts.map(() => 5));
  const [one] = await all(scorer.generate(prompts.slice(0, 1), options));
  const [text] = one!.texts;
  expect(text!.length).toBeGreaterThan(2);
  const stop = [text!.slice(-1)];
  const [cut] = await all(scorer.generate(prompts.slice(0, 1), { ...options, stop }));
  expect(cut!.texts).toEqual([text!.slice(0, text!.indexOf(stop[0]!))]);
  expect(cut!.ended).toEqual([true]);
});

it('refuses what cannot be asked, and ends between two runs when it is cancelled', async () => {
  const bad = { code: 'bad-input' };
  await expect(all(scorer.likelihoods([{ ...prompts[0]!, target: '' }]))).rejects.toMatchObject(bad);
  await expect(all(scorer.generate(prompts, { maxNewTokens: 0 }))).rejects.toMatchObject(bad);
  const abort = new AbortController();
  const stream = scorer.generate(prompts, { maxNewTokens: 3, signal: abort.signal });
  expect((await stream.next()).done).toBe(false);
  abort.abort();
  await expect(stream.next()).rejects.toMatchObject({ code: 'cancelled' });
});
