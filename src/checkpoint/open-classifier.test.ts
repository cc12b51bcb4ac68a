/** Cross-encoders opened and asked; held to transformers.js itself, whose tokenizer and session read the same folder. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { testFolder } from '../../trainer/testing/folder.ts';
import { readSampleCorpus } from '../../trainer/testing/sample-prompts.ts';
import { type TinyCrossEncoderOptions, tinyCrossEncoder } from '../../trainer/testing/tiny-cross-encoder.ts';
import { memoryFolder } from '../bytes/memory.ts';
import { RankscopeError } from '../errors.ts';
import { encodePair } from '../inference/cross-encoder-scorer.ts';
import type { RankerModel } from '../inference/ranker-model.ts';
import type { Prompt, ScoredBatch } from '../inference/scorer.ts';
import { proto } from '../onnx/proto.ts';
import { pairTemplate } from '../ranking/methods/cross-encoder/method.ts';
import { renderPrompt } from '../ranking/render.ts';
import { seededRandom } from '../t5/init-random.ts';
import { PairTokenizer } from '../tokenizer/pair-tokenizer.ts';
import { openFolder } from './kinds.ts';
import { openClassifier, READ_FILES, readClassifier } from './open-classifier.ts';

const runtime = nodeRuntime(1);
const SAME = 1e-4;
const { passages, queries } = readSampleCorpus('town');
const pairs = queries.flatMap((query, q) =>
  passages.slice(3 * q, 3 * q + 5).map((passage) => ({
    query: query.text,
    passage: passage.text
      .split(' ')
      .slice(0, 4 + (q % 9))
      .join(' '),
  })),
);

const open = (options?: TinyCrossEncoderOptions) =>
  openClassifier(memoryFolder('tiny/', tinyCrossEncoder(options)), runtime);

const promptsOf = (labels: readonly string[], of = pairs): Prompt[] =>
  of.map(({ query, passage }) => renderPrompt(pairTemplate(labels), { text: query }, [{ text: passage }]));

/** Logits, prompt by prompt; and all that came with them. */
async function ask(model: RankerModel, prompts: readonly Prompt[]) {
  const rows: number[][] = [];
  const batches: ScoredBatch[] = [];
  for await (const batch of model.relevance!(prompts)) {
    const width = batch.logits.length / batch.indices.length;
    batch.indices.forEach((prompt, r) => {
      rows[prompt] = [...batch.logits.slice(r * width, (r + 1) * width)];
    });
    batches.push(batch);
  }
  return { rows, batches };
}

const worst = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
};

/** The same pairs through @huggingface/transformers. */
async function asked(folder: string, name: string, of: typeof pairs): Promise<number[][]> {
  const { AutoModelForSequenceClassification, AutoTokenizer, env } = await import(
    '@huggingface/transformers'
  );
  Object.assign(env, { allowRemoteModels: false, localModelPath: folder });
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const model = await AutoModelForSequenceClassification.from_pretrained(name, {
    dtype: 'fp32',
    device: 'cpu',
  });
  const rows: number[][] = [];
  for (const { query, passage } of of) {
    const { logits } = await model(tokenizer(query, { text_pair: passage }));
    rows.push([...(logits.data as Float32Array)]);
  }
  await model.dispose();
  return rows;
}

const root = testFolder('cross-encoder');
const write = (name: string, files: ReadonlyMap<string, Uint8Array>): void => {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), bytes);
  }
};

describe('a cross-encoder', () => {
  it.each([
    ['bert', 1],
    ['bert', 2],
    ['xlm-roberta', 1],
  ] as const)('of %s with %i output(s) scores as @huggingface/transformers', async (family, outputs) => {
    const name = `${family}-${outputs}`;
    write(name, tinyCrossEncoder({ family, outputs, seed: outputs + 3 }));
    const { card, scorer, notice } = await openFolder(nodeFolder(join(root, name)), runtime);
    const [template] = card.templates;
    expect(template).toMatchObject({
      kind: 'relevance',
      labels: outputs === 1 ? ['relevance'] : ['LABEL_1', 'LABEL_0'],
    });
    expect(notice).toBeUndefined();
    const { rows } = await ask(scorer, promptsOf(['x']));
    const theirs = await asked(root, name, pairs);
    const inOurOrder = theirs.map((logits) => (outputs === 1 ? logits : logits.toReversed()));
    expect(worst(rows.flat(), inOurOrder.flat())).toBeLessThan(SAME);
    expect(Math.max(...rows.flat()) - Math.min(...rows.flat())).toBeGreaterThan(0.1);
    await scorer.dispose();
  });

  it('answers each pair alone as among others, and counts its tokens', async () => {
    const { scorer } = await open();
    const prompts = promptsOf(['relevance']);
    const { rows, batches } = await ask(scorer, prompts);
    for (const [i, prompt] of prompts.slice(0, 6).entries()) {
      const { rows: alone } = await ask(scorer, [prompt]);
      expect(Math.abs(alone[0]![0]! - rows[i]![0]!)).toBeLessThan(1e-5);
    }
    const { tokens } = scorer.see([prompts[0]!])[0]!;
    const counted = new Map(
      batches.flatMap((batch) => [...batch.indices].map((p, r) => [p, batch.tokens[r]!])),
    );
    expect(counted.get(0)).toBe(tokens.length);
    expect(tokens[0]).toBe('[CLS]');
    expect(tokens.filter((token) => token === '[SEP]')).toHaveLength(2);
    await scorer.dispose();
  });

  it('runs each pair by itself where activations are scaled per tensor, as another model to the cache', async () => {
    const files = new Map<string, Uint8Array>(tinyCrossEncoder());
    const exact = await openFolder(memoryFolder('tiny/', files), runtime);
    files.set('onnx/model_quantized.onnx', files.get('onnx/model.onnx')!);
    files.delete('onnx/model.onnx');
    const { scorer, notice } = await openFolder(memoryFolder('tiny/', files), runtime);
    expect(scorer.info).toMatchObject({ dtype: 'q8', alone: true });
    expect(scorer.info.digest).not.toBe(exact.scorer.info.digest);
    expect(notice).toMatch(/stored as q8 .* each prompt runs by itself/);
    const { batches } = await ask(scorer, promptsOf(['relevance']));
    // No run had padding.
    for (const { padded, tokens } of batches) expect(padded).toBe(tokens.reduce((sum, one) => sum + one, 0));
    await Promise.all([scorer.dispose(), exact.scorer.dispose()]);
  });

  it('tells the second text by its token types, and by more separators where there are none', () => {
    const tokenizerOf = (family: 'bert' | 'xlm-roberta') => {
      const files = tinyCrossEncoder({ family });
      const json = (path: string) => JSON.parse(new TextDecoder().decode(files.get(path)));
      return new PairTokenizer(json('tokenizer.json'), json('tokenizer_config.json'), 'tiny/');
    };
    const bert = tokenizerOf('bert');
    const { ids, types } = bert.pair('cold water', 'the river');
    expect([...ids].map((id) => bert.token(id))).toEqual([
      '[CLS]',
      'cold',
      'water',
      '[SEP]',
      'the',
      'river',
      '[SEP]',
    ]);
    expect([...types]).toEqual([0, 0, 0, 0, 1, 1, 1]);
    expect(bert.around).toBe(3);
    expect([...bert.pair('cold', '').ids].map((id) => bert.token(id))).toEqual([
      '[CLS]',
      'cold',
      '[SEP]',
      '[SEP]',
    ]);
    const roberta = tokenizerOf('xlm-roberta');
    const words = [...roberta.pair('water', 'water').ids].map((id) => roberta.token(id));
    expect(words).toEqual(['<s>', '▁water', '</s>', '</s>', '▁water', '</s>']);
    expect(roberta.around).toBe(4);
  });

  it('cuts the passage at a word, never the query, and says what it cut', async () => {
    const files = tinyCrossEncoder();
    const json = (path: string) => JSON.parse(new TextDecoder().decode(files.get(path)));
    const tokenizer = new PairTokenizer(json('tokenizer.json'), json('tokenizer_config.json'), 'tiny/');
    const word = fc.constantFrom(
      'river',
      'coldness',
      'water',
      'pools,',
      'is',
      'Ünlü',
      '水泳',
      'https://example.com/a',
    );
    const text = fc.array(word, { minLength: 1, maxLength: 40 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, fc.integer({ min: 20, max: 90 }), (query, passage, maxTokens) => {
        const prompt = {
          parts: [
            { text: query, slot: 'query' },
            { text: '\n\n' },
            { text: passage, slot: 'passage', cut: true },
          ],
        };
        const needs = tokenizer.count(query) + tokenizer.around;
        if (needs >= maxTokens) {
          expect(() => encodePair(tokenizer, prompt, { maxTokens })).toThrow(/no room is left for passages/);
          return;
        }
        const { ids, cuts } = encodePair(tokenizer, prompt, { maxTokens });
        const kept = cuts[0]?.kept ?? passage.length;
        expect(ids.length).toBeLessThanOrEqual(maxTokens);
        expect([...ids]).toEqual([...tokenizer.pair(query, passage.slice(0, kept)).ids]);
        const whole = tokenizer.pair(query, passage).ids.length;
        expect(cuts.length > 0).toBe(whole > maxTokens);
        // Nothing is cut that would have fitted: with the next word it is too long.
        if (cuts.length > 0 && /^\S*\s/.test(passage.slice(0, kept + 1))) {
          const next = /^\s*\S+/.exec(passage.slice(kept))?.[0] ?? '';
          expect(tokenizer.pair(query, passage.slice(0, kept) + next).ids.length).toBeGreaterThan(maxTokens);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a folder that is none', () => {
  const refusal = (spoil: (files: Map<string, Uint8Array>) => void, options?: TinyCrossEncoderOptions) => {
    const files = new Map<string, Uint8Array>(tinyCrossEncoder(options));
    spoil(files);
    return openFolder(memoryFolder('tiny/', files), runtime).then(
      () => expect.unreachable(),
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
  };
  const cases: [string, TinyCrossEncoderOptions, (files: Map<string, Uint8Array>) => void, RegExp][] = [
    [
      'an encoder without a head',
      { config: { architectures: ['BertModel'] } },
      () => {},
      /^bad-checkpoint: tiny\/config\.json: it has no classification head \(config\.json says BertModel\).*makes vectors/,
    ],
    [
      'labels that say nothing of relevance',
      { outputs: 3, config: { id2label: { 0: 'entailment', 1: 'neutral', 2: 'contradiction' } } },
      () => {},
      /^bad-checkpoint: tiny\/config\.json: its head has the labels entailment, neutral, contradiction, and none of them says “relevant”/,
    ],
    [
      'another number of labels than its graph',
      { config: { id2label: { 0: 'a', 1: 'relevant' } } },
      () => {},
      /^bad-checkpoint: tiny\/onnx\/model\.onnx: .*a tensor \[1, 1\]; logits \[1, 2\]/,
    ],
    [
      'no tokenizer',
      {},
      (files) => files.delete('tokenizer.json'),
      /^missing: tiny\/tokenizer\.json is missing/,
    ],
    [
      'a tokenizer of another model',
      { config: { vocab_size: 50 } },
      () => {},
      /^bad-checkpoint: tiny\/tokenizer\.json has \d+ tokens, and tiny\/config\.json has vocab_size 50/,
    ],
    [
      'fewer tokens than it says',
      { config: { vocab_size: 5000 } },
      () => {},
      /^bad-checkpoint: tiny\/onnx\/model\.onnx has fewer tokens than tiny\/config\.json says \(vocab_size 5000/,
    ],
    [
      'half precision alone',
      {},
      (files) => {
        files.set('onnx/model_fp16.onnx', files.get('onnx/model.onnx')!);
        files.delete('onnx/model.onnx');
      },
      /^bad-checkpoint: tiny\/onnx\/ has the model only as “fp16”/,
    ],
    [
      'a tokenizer.json that is none',
      {},
      (files) => files.set('tokenizer.json', new TextEncoder().encode('{"model":{}}')),
      /^bad-checkpoint: tiny\/tokenizer\.json cannot be used \(its model has no list of tokens\)/,
    ],
  ];
  it.each(cases)('has %s: file and reason', async (_, options, spoil, said) => {
    expect(await refusal(spoil, options)).toMatch(said);
  });
});

describe('hostile JSON', () => {
  const hostile: readonly unknown[] = [
    { toString: 1 },
    [{}],
    'x'.repeat(10_000),
    1e308,
    -1,
    null,
    true,
    [],
    [[[]]],
    {},
  ];
  const files = tinyCrossEncoder();
  /** All places in a value, a path of keys each. */
  const places = (value: unknown, at: readonly string[] = []): (readonly string[])[] =>
    typeof value !== 'object' || value === null
      ? [at]
      : [
          at,
          ...Object.entries(value)
            .slice(0, 10)
            .flatMap(([key, item]) => places(item, [...at, key])),
        ];

  it.each(READ_FILES)('in %s: it is read, or refused in a sentence that names a file', async (file) => {
    const json = JSON.parse(new TextDecoder().decode(files.get(file)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places(json)), fc.constantFrom(...hostile), async (at, value) => {
        let changed = structuredClone(json);
        if (at.length === 0) changed = value;
        else at.slice(0, -1).reduce((holder, key) => holder[key], changed)[at.at(-1)!] = value;
        const folder = memoryFolder(
          'x/',
          new Map(files).set(file, new TextEncoder().encode(JSON.stringify(changed))),
        );
        try {
          const { tokenizer, card } = await readClassifier(folder, await folder.list());
          expect(card.limits.maxTokens).toBeGreaterThanOrEqual(8);
          const { ids, types } = tokenizer.pair('cold water', 'the river');
          expect(types.length).toBe(ids.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RankscopeError);
          expect((error as Error).message).toMatch(/^x\//);
          expect((error as Error).message.length).toBeLessThan(2_000);
        }
      }),
      { numRuns: 150 },
    );
  });
});

const MINI_LM = new URL('../../../shared/models/all-MiniLM-L6-v2/', import.meta.url).pathname;

describe.skipIf(!existsSync(MINI_LM))(
  'a real encoder with a head (skipped where ../shared/models is missing)',
  () => {
    const name = 'minilm-head';
    beforeAll(() => {
      const model = proto.ModelProto.decode(readFileSync(join(MINI_LM, 'onnx/model.onnx')));
      const graph = model.graph!;
      const [states] = graph.output!;
      const { normal } = seededRandom(5);
      const head = Float32Array.from({ length: 384 }, () => 0.3 * normal());
      graph.initializer!.push(
        { name: 'head_first', dims: [], dataType: 7, int64Data: [0] } as never,
        { name: 'head_weight', dims: [384, 1], dataType: 1, rawData: new Uint8Array(head.buffer) } as never,
      );
      graph.node!.push(
        {
          opType: 'Gather',
          input: [states!.name!, 'head_first'],
          output: ['head_cls'],
          attribute: [{ name: 'axis', type: 2, i: 1 }],
        } as never,
        { opType: 'MatMul', input: ['head_cls', 'head_weight'], output: ['logits'] } as never,
      );
      graph.output = [{ name: 'logits', type: { tensorType: { elemType: 1 } } } as never];
      const config = JSON.parse(readFileSync(join(MINI_LM, 'config.json'), 'utf8'));
      write(
        name,
        new Map([
          ['onnx/model.onnx', proto.ModelProto.encode(model).finish()],
          [
            'config.json',
            Buffer.from(
              JSON.stringify({
                ...config,
                architectures: ['BertForSequenceClassification'],
                id2label: { 0: 'LABEL_0' },
              }),
            ),
          ],
        ]),
      );
      for (const file of ['tokenizer.json', 'tokenizer_config.json'])
        symlinkSync(join(MINI_LM, file), join(root, name, file));
    }, 60_000);

    it('scores the town’s passages as @huggingface/transformers', async () => {
      const { scorer, card } = await openFolder(nodeFolder(join(root, name)), runtime);
      expect(card.limits).toEqual({ maxTokens: 512 });
      const some = pairs.slice(0, 24);
      const { rows } = await ask(scorer, promptsOf(['relevance'], some));
      const theirs = await asked(root, name, some);
      expect(worst(rows.flat(), theirs.flat())).toBeLessThan(SAME);
      expect(Math.max(...rows.flat()) - Math.min(...rows.flat())).toBeGreaterThan(0.1);
      await scorer.dispose();
    }, 60_000);
  },
);
