/** A fused scorer's encoder and decoder: what they say is what the scorer says, token by token. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { tinyModel } from '../../trainer/testing/tiny-checkpoint.ts';
import { memoryWriter } from '../bytes/memory.ts';
import { readAll } from '../bytes/read.ts';
import type { NarrowSide } from '../t5/forms.ts';
import { buildScorer } from '../t5/scorer-graph.ts';
import { streamScorer } from '../t5/stream-scorer.ts';
import { readable, type T5Model } from '../t5/weights.ts';
import { fusedModel } from './fused-model.ts';
import type { TextSource } from './fused-text.ts';
import type { LabelModel, TokenBatch } from './label-model.ts';
import { greedyTokens, likelihoodsFromLabels, targetLogProbabilities } from './label-text.ts';
import type { Runtime } from './runtime.ts';
import type { Dtype } from './scorer.ts';

const DTYPES: readonly Dtype[] = ['fp32', 'int8', 'q8', 'q4'];
/** Nats, or logits. int8 rounds activations, which may fall to the other side where sums are ordered otherwise. */
const BOUND: Record<Dtype, number> = { fp32: 1e-4, q8: 1e-4, q4: 1e-4, int8: 0.05 };

/** What sessions there are, and what ran: encoders, decoders and scorers tell themselves apart by their inputs. */
class Watched {
  readonly alive = new Set<'scorer' | 'encoder' | 'decoder'>();
  mostForms = 0;
  readonly runs = { scorer: 0, encoder: 0, decoder: 0 };
  readonly runtime: Runtime;

  constructor(runtime = nodeRuntime(1)) {
    this.runtime = {
      ...runtime,
      createSession: async (model, options) => {
        const session = await runtime.createSession(model, options);
        const kind = session.inputNames.includes('label_ids')
          ? 'scorer'
          : session.inputNames.includes('target_ids')
            ? 'decoder'
            : 'encoder';
        this.alive.add(kind);
        this.mostForms = Math.max(this.mostForms, new Set([...this.alive].map((k) => k === 'scorer')).size);
        return {
          inputNames: session.inputNames,
          outputNames: session.outputNames,
          run: (feeds, fetches) => {
            expect(this.alive.has(kind)).toBe(true);
            this.runs[kind]++;
            return session.run(feeds, fetches);
          },
          release: () => {
            this.alive.delete(kind);
            return session.release();
          },
        };
      },
    };
  }
}

const opened: LabelModel[] = [];
afterEach(async () => {
  for (const model of opened.splice(0)) await model.release();
});

interface Made {
  readonly watched: Watched;
  readonly model: LabelModel;
}

async function make(
  t5: T5Model,
  dtype: Dtype,
  options: Partial<TextSource> & { readonly narrow?: NarrowSide; readonly once?: boolean } = {},
): Promise<Made> {
  const watched = new Watched();
  const bytes = buildScorer(t5, dtype, { narrow: options.narrow });
  const start = () => watched.runtime.createSession(bytes);
  const model = fusedModel(watched.runtime, await start(), {
    config: t5.config,
    dtype,
    read: options.read ?? (async () => ({ model: bytes })),
    restart: options.once ? start : undefined,
    onRefused: options.onRefused,
  });
  opened.push(model);
  return { watched, model };
}

const batchOf = (prompts: readonly (readonly number[])[]): TokenBatch => {
  const length = Math.max(...prompts.map((ids) => ids.length));
  const ids = new Int32Array(prompts.length * length);
  const mask = new Int32Array(prompts.length * length);
  for (const [row, own] of prompts.entries()) {
    ids.set(own, row * length);
    mask.fill(1, row * length, row * length + own.length);
  }
  return { ids, mask, rows: prompts.length, length };
};

const worst = (a: readonly Float32Array[], b: readonly Float32Array[]): number => {
  expect(a.map(({ length }) => length)).toEqual(b.map(({ length }) => length));
  return Math.max(...a.flatMap((row, r) => Array.from(row, (value, k) => Math.abs(value - b[r]![k]!))));
};

const VOCABULARY = tinyModel().config.vocabSize;
const tokens = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 2, max: VOCABULARY - 1 }), { minLength, maxLength });
const shapes = fc.record({
  num_layers: fc.integer({ min: 1, max: 2 }),
  num_decoder_layers: fc.integer({ min: 1, max: 3 }),
  // 48: no whole number of blocks, so that q8 and q4 keep their tables in fp32.
  d_model: fc.constantFrom(48, 64),
  feed_forward_proj: fc.constantFrom('relu', 'gated-gelu'),
  tie_word_embeddings: fc.boolean(),
  scale_decoder_outputs: fc.boolean(),
});
const questions = fc.record({
  seed: fc.integer({ min: 1, max: 1000 }),
  config: shapes,
  dtype: fc.constantFrom(...DTYPES),
  narrow: fc.constantFrom('weights', 'activations'),
  prompts: fc.array(tokens(1, 24), { minLength: 1, maxLength: 4 }),
  prefix: tokens(0, 2),
  target: tokens(1, 9),
});

describe('one reading', () => {
  it('judges a text as the scorer does token by token, in all dtypes, rows of any length', async () => {
    await fc.assert(
      fc.asyncProperty(questions, async ({ seed, config, dtype, narrow, prompts, prefix, target }) => {
        const { model, watched } = await make(tinyModel({ seed, config: { ...config } }), dtype, { narrow });
        await model.readyForText!();
        const batch = batchOf(prompts);
        const start = [0, ...prefix];
        const expected = await likelihoodsFromLabels(model, batch, start, target);
        const before = { ...watched.runs };
        const found = await targetLogProbabilities(model, batch, start, target);
        expect(watched.runs).toEqual({
          scorer: before.scorer,
          encoder: before.encoder + 1,
          decoder: before.decoder + 1,
        });
        expect(worst(found, expected)).toBeLessThan(BOUND[dtype]);
        // Alone and without padding as in company.
        const alone = await targetLogProbabilities(model, batchOf([prompts[0]!]), start, target);
        expect(worst(alone, found.slice(0, 1))).toBeLessThan(BOUND[dtype]);
      }),
      { numRuns: 20 },
    );
  });

  it('writes what the scorer would, a step of the decoder for each token', async () => {
    await fc.assert(
      fc.asyncProperty(questions, async ({ seed, config, dtype, narrow, prompts, prefix, target }) => {
        const { model, watched } = await make(tinyModel({ seed, config: { ...config } }), dtype, { narrow });
        await model.readyForText!();
        const batch = batchOf(prompts);
        const most = target.length;
        const before = { ...watched.runs };
        const options = { vocabulary: VOCABULARY, eosId: 1, most, least: most };
        const written = await greedyTokens(model, batch, [0, ...prefix], options);
        expect(watched.runs).toEqual({
          scorer: before.scorer,
          encoder: before.encoder + 1,
          decoder: before.decoder + most,
        });
        const labelIds = Int32Array.from({ length: VOCABULARY }, (_, id) => id);
        for (const [row, { ids }] of written.entries()) {
          expect(ids).toHaveLength(most);
          for (const [k, token] of ids.entries()) {
            const decoderIds = Int32Array.from([0, ...prefix, ...ids.slice(0, k)]);
            const ask = model.begin({ decoderIds, labelIds, logSumExp: false });
            const answer = await ask(batchOf([prompts[row]!]))();
            const logits = [...answer.logits].map((one, id) => (id === 1 ? Number.NEGATIVE_INFINITY : one));
            // The scorer's choice, or one that it holds for as good.
            expect(logits[token]!).toBeGreaterThan(Math.max(...logits) - BOUND[dtype]);
            answer.dispose();
          }
        }
      }),
      { numRuns: 12 },
    );
  });

  it('judges long texts in several passes of the decoder', async () => {
    const { model, watched } = await make(tinyModel(), 'fp32');
    const batch = batchOf([
      [5, 9, 1],
      [7, 1],
      [30, 12, 8, 1],
    ]);
    const target = Array.from({ length: 200 }, (_, i) => 2 + ((i * 13) % (VOCABULARY - 2)));
    await model.readyForText!();
    const before = { ...watched.runs };
    const found = await targetLogProbabilities(model, batch, [0], target);
    expect(watched.runs.encoder - before.encoder).toBe(1);
    expect(watched.runs.decoder - before.decoder).toBe(2);
    expect(worst(found, await likelihoodsFromLabels(model, batch, [0], target))).toBeLessThan(1e-4);
  });

  it('takes weights from beside the scorer', async () => {
    const t5 = tinyModel();
    for (const dtype of ['fp32', 'int8'] as const) {
      const writer = memoryWriter('x/');
      const location = 'scorer.onnx_data';
      const file = { location, create: () => writer.create(location) };
      const limits = { externalFrom: 0, inlineBelow: 64 };
      const { model: bytes } = await streamScorer(readable(t5), dtype, file, limits);
      const data = await readAll(await writer.open(location));
      expect(data.length).toBeGreaterThan(10_000);
      const externalData = [{ path: location, data }];
      const { model, watched } = await make(t5, dtype, {
        read: async () => ({ model: bytes, externalData }),
      });
      const batch = batchOf([
        [5, 9, 1],
        [7, 1],
      ]);
      const found = await targetLogProbabilities(model, batch, [0], [8, 4]);
      expect(watched.runs.decoder).toBeGreaterThan(0);
      expect(worst(found, await likelihoodsFromLabels(model, batch, [0], [8, 4]))).toBeLessThan(BOUND[dtype]);
    }
  });
});

describe('what does not say what the scorer says is not taken', () => {
  const t5 = tinyModel();
  const cases: Record<string, readonly [read: TextSource['read'], why: RegExp]> = {
    'other weights': [
      async () => ({ model: buildScorer(tinyModel({ seed: 2 }), 'int8') }),
      /gave other numbers than its scorer: log-probabilities differ by up to \d+(\.\d+)?\.$/,
    ],
    'no model': [async () => ({ model: Uint8Array.of(1, 2, 3) }), /could not be used: .+\w\.$/],
    'another dtype': [
      async () => ({ model: buildScorer(t5, 'q8') }),
      /could not be used: .+; the scorer has it as uint8 .+\.$/,
    ],
    'a file that has gone': [() => Promise.reject(new Error('gone.\n')), /could not be used: gone\.$/],
  };
  it.each(Object.entries(cases))('%s', async (_, [read, why]) => {
    for (const once of [false, true]) {
      const told: string[] = [];
      const onRefused = (text: string) => told.push(text);
      const { model, watched } = await make(t5, 'int8', { read, once, onRefused });
      const batch = batchOf([
        [5, 9, 1],
        [7, 1],
      ]);
      const expected = await likelihoodsFromLabels(model, batch, [0], [8, 4]);
      expect(await targetLogProbabilities(model, batch, [0], [8, 4])).toEqual(expected);
      expect([...watched.alive]).toEqual(['scorer']);
      const options = { vocabulary: VOCABULARY, eosId: 1, most: 3, least: 3 };
      expect((await greedyTokens(model, batch, [0], options))[1]!.ids).toHaveLength(3);
      expect(told).toEqual([expect.stringMatching(why)]);
    }
  });
});

describe('a model too large to be held twice', () => {
  it('is held in one form at a time, and labels are the same to the last bit', async () => {
    const { model, watched } = await make(tinyModel(), 'int8', { once: true });
    const batch = batchOf([
      [5, 9, 30, 1],
      [7, 1],
    ]);
    const ask = async () => {
      const call = { decoderIds: Int32Array.of(0), labelIds: Int32Array.of(4, 9), logSumExp: true };
      const answer = await model.begin(call)(batch)();
      const copied = [...answer.logits, ...answer.logSumExp!];
      answer.dispose();
      return copied;
    };
    const options = { vocabulary: VOCABULARY, eosId: 1, most: 5, least: 5 };
    const before = await ask();
    const first = await targetLogProbabilities(model, batch, [0], [8, 4]);
    expect([...watched.alive].sort()).toEqual(['decoder', 'encoder']);
    expect(await ask()).toEqual(before);
    expect([...watched.alive]).toEqual(['scorer']);
    // All at once: each waits for its turn.
    const [written, labels, judged, again] = await Promise.all([
      greedyTokens(model, batch, [0], options),
      ask(),
      targetLogProbabilities(model, batch, [0], [8, 4]),
      ask(),
    ]);
    expect(labels).toEqual(before);
    expect(again).toEqual(before);
    expect(judged).toEqual(first);
    expect(await greedyTokens(model, batch, [0], options)).toEqual(written);
    expect(watched.mostForms).toBe(1);
  });

  it('below that size both are held, and the scorer goes on as it was', async () => {
    const told: string[] = [];
    const { model, watched } = await make(tinyModel(), 'int8', { onRefused: (why) => told.push(why) });
    await Promise.all([model.readyForText!(), model.readyForText!()]);
    expect([...watched.alive].sort()).toEqual(['decoder', 'encoder', 'scorer']);
    expect(told).toEqual([]);
    await model.release();
    opened.length = 0;
    expect(watched.alive.size).toBe(0);
  });
});
