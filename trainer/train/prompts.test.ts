/** Prompts of training are, token for token, those of inference. */
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedModel } from '../../src/inference/fused-model.ts';
import type { Runtime, RuntimeSession } from '../../src/inference/runtime.ts';
import { T5Scorer } from '../../src/inference/t5-scorer.ts';
import { createMethod } from '../../src/ranking/create-method.ts';
import { MONO_T5, RELEVANCE, STUDENT } from '../../src/ranking/presets.ts';
import { labelsOf, type PromptTemplate } from '../../src/ranking/template.ts';
import { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { tinyTokenizer } from '../testing/tiny-checkpoint.ts';
import { encodeLists } from './prompts.ts';

let tokenizer: T5Tokenizer;
beforeAll(() => {
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  tokenizer = new T5Tokenizer(JSON.parse(tokenizerJson), JSON.parse(tokenizerConfigJson), 'tiny/');
});

const corpus = readSampleCorpus('night-sky');
const titled = firstCandidates(corpus, 5).map((candidate, i) => ({
  ...candidate,
  passage: {
    ...candidate.passage,
    title: `Title ${i}`,
    text: `${candidate.passage.text} `.repeat(1 + 3 * i),
  },
}));
const query = corpus.queries[0]!;

/** The token ids that the playground's student method feeds to a model. */
async function inferred(template: PromptTemplate, limits: { maxTokens: number; maxPassageTokens?: number }) {
  const fed: number[][] = [];
  const session: RuntimeSession = {
    inputNames: [],
    outputNames: [],
    async run(feeds) {
      const { data, dims } = feeds.input_ids!;
      const mask = feeds.attention_mask!.data as Int32Array;
      const [rows, length] = dims as readonly [number, number];
      for (let row = 0; row < rows; row++) {
        const all = Array.from(data as Int32Array).slice(row * length, (row + 1) * length);
        fed.push(all.filter((_, i) => mask[row * length + i] === 1));
      }
      const logits = new Float32Array(rows * labelsOf(template).length);
      return { logits: { data: logits, dims: [rows, labelsOf(template).length] } } as never;
    },
    release: async () => {},
  };
  const runtime = {
    device: 'cpu',
    threads: 1,
    version: 'none',
    createSession: async () => session,
    tensor: (type, data, dims) => ({ type, data, dims }),
    yieldTask: async () => {},
  } satisfies Runtime as Runtime;
  const scorer = new T5Scorer({
    runtime,
    model: fusedModel(runtime, session),
    tokenizer,
    limits,
    decoderStartId: 0,
    padId: 0,
    info: { name: 'x', digest: '', dtype: 'fp32', device: 'cpu', threads: 1, runtime: '' },
  });
  for await (const _ of createMethod('pointwise-yes', { template }).rank(query, titled, scorer));
  return fed;
}

describe('prompts of training', () => {
  it.each<[string, PromptTemplate, { maxTokens: number; maxPassageTokens?: number }]>([
    ['room for all', STUDENT, { maxTokens: 4096 }],
    ['passages cut to words', { ...STUDENT, maxPassageWords: 9 }, { maxTokens: 4096 }],
    ['passages cut to tokens', STUDENT, { maxTokens: 512, maxPassageTokens: 17 }],
    ['the whole cut to fit', { ...MONO_T5, labels: ['Yes'] }, { maxTokens: 96 }],
    ['another wording', RELEVANCE, { maxTokens: 160, maxPassageTokens: 100 }],
  ])('are those of inference: %s', async (_, template, limits) => {
    const passages = titled.map(({ passage }) => passage);
    const list = { query, passages, scores: [5, 4, 3, 2, 1], file: 'labels.jsonl', line: 1 };
    const [encoded] = await encodeLists([list], { template, tokenizer, limits });
    const prompts = encoded!.prompts.map((prompt) => [...prompt]);
    const key = (ids: readonly number[]) => ids.join(' ');
    expect(prompts.map(key).sort()).toEqual((await inferred(template, limits)).map(key).sort());
    expect(encoded!.tokens).toBe(prompts.flat().length);
    const whole = await encodeLists([list], {
      template: { ...template, maxPassageWords: undefined },
      tokenizer,
      limits: { maxTokens: 1e6 },
    });
    expect(encoded!.cut).toBe(
      encoded!.prompts.filter((prompt, i) => prompt.length < whole[0]!.prompts[i]!.length).length,
    );
  });

  it('say file and line of a query that leaves no room', async () => {
    const list = {
      query: { id: 'q', text: 'long '.repeat(50) },
      passages: [],
      scores: [],
      file: 'labels.jsonl',
      line: 7,
    };
    const maker = { template: STUDENT, tokenizer, limits: { maxTokens: 64 } };
    await expect(encodeLists([list], maker)).rejects.toThrow(
      /labels\.jsonl, line 7: query q .* takes \d+ tokens.*leave the query out/,
    );
  });
});
