/** Folders in transformers.js' layout, opened and asked; held to the fused scorer, and to transformers.js itself. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { mixedPrompts, readSampleCorpus } from '../../trainer/testing/sample-prompts.ts';
import { tinyModel, tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import { tinyPair } from '../../trainer/testing/tiny-pair.ts';
import type { FolderReader } from '../bytes/byte-source.ts';
import { memoryFolder } from '../bytes/memory.ts';
import { fusedModel } from '../inference/fused-model.ts';
import type { RankerModel } from '../inference/ranker-model.ts';
import type { Prompt } from '../inference/scorer.ts';
import { T5Scorer } from '../inference/t5-scorer.ts';
import { MONO_T5, PRP, STUDENT } from '../ranking/presets.ts';
import type { PromptTemplate } from '../ranking/template.ts';
import { buildScorer } from '../t5/scorer-graph.ts';
import { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { openFolder } from './kinds.ts';

const SAME = 1e-5;
const runtime = nodeRuntime(1);
const corpus = readSampleCorpus('town');
const folder = (files: ReadonlyMap<string, Uint8Array>, name = 'tiny/') => memoryFolder(name, files);
const open = (files: ReadonlyMap<string, Uint8Array>, options = {}) =>
  openFolder(folder(files), runtime, options);

/** Label logits, prompt by prompt, and the log-sum-exp of each. */
async function ask(scorer: RankerModel, prompts: readonly Prompt[]) {
  const rows: { logits: number[]; logSumExp: number }[] = [];
  for await (const { indices, logits, logSumExp } of scorer.score!(prompts, { logSumExp: true })) {
    const width = logits.length / indices.length;
    indices.forEach((prompt, r) => {
      rows[prompt] = { logits: [...logits.slice(r * width, (r + 1) * width)], logSumExp: logSumExp![r]! };
    });
  }
  return rows.flatMap((row) => [...row.logits, row.logSumExp]);
}

const worst = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
};

async function fused(model = tinyModel()): Promise<T5Scorer> {
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  return new T5Scorer({
    runtime,
    model: fusedModel(runtime, await runtime.createSession(buildScorer(model, 'fp32'))),
    tokenizer: new T5Tokenizer(JSON.parse(tokenizerJson), JSON.parse(tokenizerConfigJson), 'tiny/'),
    info: { name: 'fused', digest: '', dtype: 'fp32', device: 'cpu', threads: 1, runtime: '' },
    limits: { maxTokens: 512 },
    decoderStartId: 0,
    padId: 0,
  });
}

/** What opening is refused with. */
const refusal = async (files: ReadonlyMap<string, Uint8Array>, options = {}) =>
  open(files, options).then(
    () => expect.unreachable(),
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe('a folder in transformers.js’ layout', () => {
  it('scores as the fused scorer of the same weights, in batches of mixed lengths', async () => {
    const { scorer, card, bytes, notice } = await open(tinyPair({ license: 'apache-2.0' }));
    const one = await fused();
    for (const template of [STUDENT, PRP] as const) {
      const prompts = mixedPrompts(corpus, template as PromptTemplate, 24);
      expect(worst(await ask(scorer, prompts), await ask(one, prompts))).toBeLessThan(SAME);
    }
    expect(card).toMatchObject({
      name: 'tiny',
      license: 'apache-2.0',
      scorers: { fp32: 'onnx/decoder_model.onnx' },
    });
    expect(card.templates.map(({ id, trained }) => [id, trained])).toContainEqual(['paper-prp', false]);
    expect(scorer.info).toMatchObject({ name: 'tiny', dtype: 'fp32', device: 'cpu', alone: false });
    expect(notice).toBeUndefined();
    expect(Object.keys(card.files)).toEqual(['onnx/encoder_model.onnx', 'onnx/decoder_model.onnx']);
    expect(bytes).toBe(Object.values(card.files).reduce((sum, file) => sum + file.bytes, 0));
    await Promise.all([scorer.dispose(), one.dispose()]);
  });

  it('keeps its weights in the graph or in one or two files beside it', async () => {
    const prompts = mixedPrompts(corpus, STUDENT, 6);
    const digests = new Set<string>();
    const answers: number[][] = [];
    for (const chunks of [0, 1, 2] as const) {
      const told: [string, number, number][] = [];
      const onDownload = (...progress: [string, number, number]) => told.push(progress);
      const { scorer, bytes, card } = await open(tinyPair({ chunks }), { onDownload });
      expect(Object.keys(card.files)).toHaveLength(2 + 2 * chunks);
      expect(told.at(-1)!.slice(1)).toEqual([bytes, bytes]);
      answers.push(await ask(scorer, prompts));
      digests.add(scorer.info.digest);
      await scorer.dispose();
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(digests.size).toBe(3);
  });

  it('may have more tokens than its tokenizer, and not fewer', async () => {
    const { size } = tinyTokenizer();
    const wide = tinyModel({ config: { vocab_size: size + 28, tie_word_embeddings: false } });
    await (await open(tinyPair({ model: wide }))).scorer.dispose();
    expect(await refusal(tinyPair({ config: { vocab_size: size + 28 } }))).toMatch(
      /^bad-checkpoint: tiny\/onnx\/decoder_model\.onnx has fewer tokens than tiny\/config\.json says/,
    );
    const narrow = tinyModel({ config: { vocab_size: size - 1 } });
    expect(await refusal(tinyPair({ model: narrow }))).toMatch(
      /^bad-checkpoint: .*do not belong to the same/,
    );
  });

  it('is chosen by dtype, exact first', async () => {
    const files = tinyPair({ dtypes: ['fp32', 'q4'] });
    for (const [wanted, got] of [
      [undefined, 'fp32'],
      ['q4', 'q4'],
    ] as const) {
      const { scorer } = await open(files, { dtype: wanted });
      expect(scorer.info.dtype).toBe(got);
      await scorer.dispose();
    }
    expect(await refusal(files, { dtype: 'int8' })).toBe(
      'bad-input: tiny has no int8 files for cpu; it has fp32, q4.',
    );
  });
});

describe('a folder that cannot be used', () => {
  const cases: [what: string, spoil: (files: Map<string, Uint8Array>) => void, said: RegExp][] = [
    [
      'lacks weights that config.json promises',
      (files) => files.delete('onnx/decoder_model.onnx_data'),
      /^missing: tiny\/onnx\/decoder_model\.onnx_data is missing/,
    ],
    [
      'has weights that are cut off',
      (files) =>
        files.set('onnx/encoder_model.onnx_data', files.get('onnx/encoder_model.onnx_data')!.slice(0, 99)),
      /^device: tiny\/onnx\/encoder_model\.onnx could not be started on cpu/,
    ],
    [
      'has a damaged decoder',
      (files) => files.set('onnx/decoder_model.onnx', Uint8Array.from([1, 2, 3])),
      /^device: tiny\/onnx\/decoder_model\.onnx could not be started on cpu/,
    ],
    [
      'has an encoder for a decoder',
      (files) => files.set('onnx/decoder_model.onnx', files.get('onnx/encoder_model.onnx')!),
      /^(bad-checkpoint|device): tiny\/onnx\/decoder_model\.onnx/,
    ],
    ['lacks its tokenizer', (files) => files.delete('tokenizer.json'), /^missing: tiny\/tokenizer\.json/],
    [
      'has neither card nor graphs',
      (files) => {
        for (const path of [...files.keys()]) if (path.startsWith('onnx/')) files.delete(path);
      },
      /^bad-checkpoint: tiny\/ has no ranker\.json, no onnx\/encoder_model\.onnx/,
    ],
  ];

  it.each(cases)('%s: an error, and the next one opens as if nothing had been', async (_, spoil, said) => {
    const promise = { 'transformers.js_config': { use_external_data_format: true } };
    const files = tinyPair({ chunks: 1, config: promise });
    spoil(files);
    expect(await refusal(files)).toMatch(said);
    const { scorer } = await open(tinyPair({ chunks: 1, config: promise }));
    expect(await ask(scorer, mixedPrompts(corpus, STUDENT, 1))).toHaveLength(2);
    await scorer.dispose();
  });

  it('has no known wording whose labels are its tokens', async () => {
    const monoT5 = folder(tinyPair(), 'monot5-tiny/');
    await expect(openFolder(monoT5, runtime)).rejects.toThrow(
      /^monot5-tiny cannot be asked in any known wording\. “true” is not a single token for monot5-tiny/,
    );
  });

  it('is not what its list says', async () => {
    const files = tinyPair();
    const whole = folder(files);
    const listed = (change: { size?: number; sha256?: string }): FolderReader => ({
      ...whole,
      list: async () =>
        (await whole.list()).map((file) =>
          file.path === 'onnx/encoder_model.onnx' ? { ...file, ...change } : file,
        ),
    });
    await expect(openFolder(listed({ sha256: '0'.repeat(64) }), runtime)).rejects.toThrow(
      /it has SHA-256 .*, not 000/,
    );
    await expect(openFolder(listed({ size: 5 }), runtime)).rejects.toThrow(/not what the folder's list says/);
  });
});

const EXPORTS = new URL('../../../shared/reference/transformers-js-t5/', import.meta.url).pathname;

describe.skipIf(!existsSync(EXPORTS))(
  'optimum’s exports (skipped where ../shared/reference is missing)',
  () => {
    for (const name of ['flan-tiny-onnx', 't5v1-tiny-onnx']) {
      for (const dtype of ['fp32', 'q4', 'q8'] as const) {
        it(`${name}, ${dtype}: as @huggingface/transformers, its tokenizer included`, async () => {
          const { AutoTokenizer, env, T5ForConditionalGeneration, Tensor } = await import(
            '@huggingface/transformers'
          );
          Object.assign(env, { allowRemoteModels: false, localModelPath: EXPORTS });
          const { scorer, notice } = await openFolder(nodeFolder(EXPORTS + name), runtime, { dtype });
          const prompts = mixedPrompts(corpus, MONO_T5, 12);
          const own = await ask(scorer, prompts);
          expect(scorer.info.alone).toBe(dtype === 'q8');
          if (dtype === 'q8') expect(notice).toMatch(/stored as q8 .* each prompt runs by itself/);

          const tokenizer = await AutoTokenizer.from_pretrained(name);
          const model = await T5ForConditionalGeneration.from_pretrained(name, { dtype, device: 'cpu' });
          const theirs: number[] = [];
          const labels = MONO_T5.labels.map((label) => Number(tokenizer(label).input_ids.data[0]));
          for (const { parts } of prompts) {
            const inputs = tokenizer(parts.map(({ text }) => text).join(''));
            const start = new Tensor('int64', BigInt64Array.of(0n), [1, 1]);
            const { logits } = await model({ ...inputs, decoder_input_ids: start });
            const all = [...(logits.data as Float32Array)];
            theirs.push(
              ...labels.map((id) => all[id]!),
              Math.log(all.reduce((sum, x) => sum + Math.exp(x), 0)),
            );
          }
          expect(worst(own, theirs)).toBeLessThan(SAME);
          await Promise.all([scorer.dispose(), model.dispose()]);
        });
      }
    }
  },
);
