/** Likelihoods and greedy text against Hugging Face (../shared/reference/hf-t5; its exports: transformers-js-t5). */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { tinyModel } from '../../trainer/testing/tiny-checkpoint.ts';
import { readSafetensors } from '../t5/safetensors.ts';
import { buildScorer } from '../t5/scorer-graph.ts';
import { makeT5, type T5Model } from '../t5/weights.ts';
import { encoderDecoderModel } from './encoder-decoder-model.ts';
import { fusedModel } from './fused-model.ts';
import type { LabelModel, TokenBatch } from './label-model.ts';
import { greedyTokens, targetLogProbabilities } from './label-text.ts';
import { meanLogLikelihood } from './ranker-model.ts';

const ROOT = new URL('../../../shared/reference/', import.meta.url).pathname;
const runtime = nodeRuntime(1);
const session = (bytes: Uint8Array) => runtime.createSession(bytes);

interface Batched {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
}
interface Cases {
  readonly likelihood: Batched & {
    readonly labels: number[][];
    readonly token_log_probs: number[][];
    readonly mean_cross_entropy: number;
  };
  readonly greedy: Batched & {
    readonly min_new_tokens: number;
    readonly max_new_tokens: number;
    readonly sequences_from_decoder_start: number[][];
  };
}

const batchOf = ({ input_ids: ids, attention_mask: mask }: Batched): TokenBatch => ({
  ids: Int32Array.from(ids.flat()),
  mask: Int32Array.from(mask.flat()),
  rows: ids.length,
  length: ids[0]!.length,
});
const oneRow = ({ input_ids: ids, attention_mask: mask }: Batched, row: number): TokenBatch =>
  batchOf({ input_ids: [ids[row]!], attention_mask: [mask[row]!] });

async function agrees(model: LabelModel, { likelihood, greedy }: Cases, vocabulary: number): Promise<void> {
  const all: number[] = [];
  for (const [row, labels] of likelihood.labels.entries()) {
    const target = labels.filter((id) => id >= 0);
    const expected = likelihood.token_log_probs[row]!.slice(0, target.length);
    const [found] = await targetLogProbabilities(model, oneRow(likelihood, row), [0], target);
    expect(found).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) expect(Math.abs(found![i]! - value)).toBeLessThan(1e-4);
    all.push(...found!);
  }
  expect(-meanLogLikelihood(all)).toBeCloseTo(likelihood.mean_cross_entropy, 4);
  const options = { vocabulary, eosId: 1, most: greedy.max_new_tokens, least: greedy.min_new_tokens };
  const written = await greedyTokens(model, batchOf(greedy), [0], options);
  for (const [row, sequence] of greedy.sequences_from_decoder_start.entries()) {
    const { ids, ended } = written[row]!;
    const end = sequence.indexOf(1);
    expect(ids).toEqual(sequence.slice(1, end < 0 ? undefined : end + 1));
    expect(ended).toBe(end >= 0);
  }
}

const load = (folder: string): T5Model =>
  makeT5(
    JSON.parse(readFileSync(`${ROOT}${folder}/config.json`, 'utf8')),
    readSafetensors(readFileSync(`${ROOT}${folder}/model.safetensors`), folder),
    `${folder}/`,
  );
const casesOf = (name: string) =>
  JSON.parse(readFileSync(`${ROOT}hf-t5/${name}/cases.json`, 'utf8')) as Cases;

describe.skipIf(!existsSync(`${ROOT}hf-t5`))('as Hugging Face (skipped where ../shared is missing)', () => {
  it.each(['flan-tiny', 't5v1-tiny', 'wide-heads'])('%s, fused', async (name) => {
    const t5 = load(`hf-t5/${name}`);
    const bytes = buildScorer(t5, 'fp32');
    const byToken = fusedModel(runtime, await session(bytes));
    await agrees(byToken, casesOf(name), t5.config.vocabSize);
    await byToken.release();
    const { config } = t5;
    const source = { config, dtype: 'fp32', read: async () => ({ model: bytes }) } as const;
    const inOneReading = fusedModel(runtime, await session(bytes), source);
    expect(await inOneReading.judge!(oneRow(casesOf(name).likelihood, 0), [0], [3])).toBeDefined();
    await agrees(inOneReading, casesOf(name), config.vocabSize);
    await inOneReading.release();
  });

  it.skipIf(!existsSync(`${ROOT}transformers-js-t5`)).each([
    ['flan-tiny', 'decoder_model'],
    ['flan-tiny', 'decoder_model_merged'],
    ['t5v1-tiny', 'decoder_model'],
    ['t5v1-tiny', 'decoder_model_merged'],
  ])('%s, two sessions, %s', async (name, file) => {
    const folder = `transformers-js-t5/${name}-onnx`;
    const { numHeads: heads, dKv: headSize, vocabSize } = load(folder).config;
    const read = (name: string) => session(readFileSync(`${ROOT}${folder}/onnx/${name}.onnx`));
    const [encoder, decoder] = [await read('encoder_model'), await read(file)];
    const model = encoderDecoderModel({ runtime, encoder, decoder, heads, headSize });
    await agrees(model, casesOf(name), vocabSize);
    await model.release();
  });
});

describe('greedy text', () => {
  it('of a prompt is that of the prompt alone, and ends where it is told', async () => {
    const t5 = tinyModel();
    const model = fusedModel(runtime, await session(buildScorer(t5, 'fp32')));
    const ids = [
      [9, 12, 30, 44, 1],
      [21, 7, 1, 0, 0],
      [33, 1, 0, 0, 0],
    ];
    const given = { input_ids: ids, attention_mask: ids.map((row) => row.map((id) => (id === 0 ? 0 : 1))) };
    const options = { vocabulary: t5.config.vocabSize, eosId: 1, most: 6, least: 6 };
    let runs = 0;
    const before = async () => void runs++;
    const together = await greedyTokens(model, batchOf(given), [0], options, before);
    expect(together.map((one) => one.ids.length)).toEqual([6, 6, 6]);
    expect(runs).toBeGreaterThanOrEqual(6);
    for (const row of [0, 1, 2]) {
      const [alone] = await greedyTokens(model, oneRow(given, row), [0], options);
      expect(alone!.ids).toEqual(together[row]!.ids);
    }
    const two = { ...options, isEnough: (said: readonly number[]) => said.length === 2 };
    const [first] = await greedyTokens(model, oneRow(given, 0), [0], two);
    expect(first).toEqual({ ids: together[0]!.ids.slice(0, 2), ended: true });
    await model.release();
  });
});
