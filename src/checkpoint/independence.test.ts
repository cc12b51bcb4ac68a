/**
 * A prompt's logits depend on that prompt alone: scored by itself, among prompts of other lengths, or
 * padded far beyond its end, it gets the same answer in every dtype. (A scale per tensor, as
 * DynamicQuantizeLinear has it, breaks this for int8.)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { mixedPrompts, readSampleCorpus } from '../../trainer/testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../../trainer/testing/tiny-checkpoint.ts';
import type { BatchingOptions } from '../inference/batching.ts';
import type { Runtime, RuntimeSession, RuntimeTensor } from '../inference/runtime.ts';
import type { Dtype, Prompt } from '../inference/scorer.ts';
import { embeddedPairwise, embeddedStudent } from '../ranking/embedded-templates.ts';
import { openCheckpoint } from './open-checkpoint.ts';

/**
 * Largest difference of a logit allowed; logits spread by about 1. fp32 and the weight-only dtypes
 * differ by the order of sums at most. int8 rounds activations: where two shapes are computed with
 * differently ordered sums, a value on the edge may be rounded the other way, which moves a logit by
 * a fraction of one step (1/127 of a row's largest value).
 */
const BOUND: Record<Dtype, number> = { fp32: 1e-5, q8: 1e-5, q4: 1e-5, int8: 5e-3 };

const ALONE: BatchingOptions = { rows: 1, window: 1, waste: 0 };
const TOGETHER: BatchingOptions = { rows: 64, window: 64, waste: 1 };
const PADDED: BatchingOptions = { rows: 3, window: 64, waste: 1, lengths: [320], full: true };

type Feeds = Record<string, RuntimeTensor>;

interface Scores {
  readonly logits: Float32Array;
  readonly runs: number;
  /** Share of what the model read that was padding. */
  readonly padding: number;
}

async function score(
  folder: string,
  dtype: Dtype,
  prompts: readonly Prompt[],
  batching: BatchingOptions,
  runtime: Runtime = nodeRuntime(1),
): Promise<Scores> {
  let runs = 0;
  let read = 0;
  const counting = withRun(runtime, (session, feeds) => {
    runs++;
    read += feeds.input_ids!.dims.reduce((size, dim) => size * dim, 1);
    return session.run(feeds);
  });
  const { scorer } = await openCheckpoint(nodeFolder(folder), counting, { dtype, batching });
  // Opening asks the model, too.
  runs = 0;
  read = 0;
  const width = prompts[0]!.labels.length;
  const logits = new Float32Array(prompts.length * width).fill(Number.NaN);
  let tokens = 0;
  for await (const batch of scorer.score(prompts)) {
    batch.indices.forEach((prompt, row) => {
      logits.set(batch.logits.subarray(row * width, (row + 1) * width), prompt * width);
    });
    tokens += batch.tokens.reduce((sum, count) => sum + count, 0);
  }
  await scorer.dispose();
  return { logits, runs, padding: 1 - tokens / read };
}

function worst(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => {
    const difference = Math.abs(value - b[i]!);
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }, 0);
}

/** A runtime whose sessions do what a test says. */
function withRun(
  runtime: Runtime,
  run: (session: RuntimeSession, feeds: Feeds) => ReturnType<RuntimeSession['run']>,
): Runtime {
  return {
    ...runtime,
    async createSession(model, options) {
      const session = await runtime.createSession(model, options);
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        release: () => session.release(),
        run: (feeds) => run(session, feeds),
      };
    },
  };
}

/** A runtime whose sessions see padding as if it were text. */
function withoutMask(runtime: Runtime): Runtime {
  return withRun(runtime, (session, feeds) => {
    const { dims } = feeds.attention_mask!;
    const ones = new Int32Array(dims.reduce((size, dim) => size * dim, 1)).fill(1);
    return session.run({ ...feeds, attention_mask: runtime.tensor('int32', ones, dims) });
  });
}

describe('a prompt scores the same alone, in company and padded', () => {
  const corpus = readSampleCorpus('kitchen');
  let folder: string;
  /** int8 again, the other side of its products with 7 bits. */
  let narrowActivations: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rankscope-independence-'));
    narrowActivations = join(folder, 'narrow');
    await writeTinyCheckpoint(folder, { maxTokens: 512 });
    await writeTinyCheckpoint(narrowActivations, { maxTokens: 512, dtypes: ['int8'], narrow: 'activations' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const forms = [
    ...(['fp32', 'int8', 'q8', 'q4'] as const).map((dtype) => [dtype, '', () => folder] as const),
    ['int8', ' (7-bit activations)', () => narrowActivations] as const,
  ];
  for (const template of [embeddedPairwise, embeddedStudent]) {
    for (const [dtype, variant, where] of forms) {
      it(`${dtype}${variant}, ${template.kind}: within ${BOUND[dtype]}`, async () => {
        const prompts = mixedPrompts(corpus, template, 20);
        const alone = await score(where(), dtype, prompts, ALONE);
        const together = await score(where(), dtype, prompts, TOGETHER);
        const padded = await score(where(), dtype, prompts, PADDED);
        expect(alone.runs).toBe(prompts.length);
        expect(together.runs).toBe(1);
        expect(together.padding).toBeGreaterThan(0.2);
        expect(padded.padding).toBeGreaterThan(0.2);
        expect(worst(alone.logits, together.logits)).toBeLessThan(BOUND[dtype]);
        expect(worst(alone.logits, padded.logits)).toBeLessThan(BOUND[dtype]);
        // Scores that hardly differ would hide a mistake.
        expect(Math.max(...alone.logits) - Math.min(...alone.logits)).toBeGreaterThan(0.5);
      });
    }
  }

  it('the check notices padding that is read as text', async () => {
    const prompts = mixedPrompts(corpus, embeddedPairwise, 12);
    const alone = await score(folder, 'fp32', prompts, ALONE);
    const broken = await score(folder, 'fp32', prompts, PADDED, withoutMask(nodeRuntime(1)));
    expect(worst(alone.logits, broken.logits)).toBeGreaterThan(100 * BOUND.int8);
  });

  it('gives the same bytes twice', async () => {
    const prompts = mixedPrompts(corpus, embeddedPairwise, 24);
    for (const dtype of ['fp32', 'int8'] as const) {
      const first = await score(folder, dtype, prompts, { ...TOGETHER, rows: 8, waste: 0.1 });
      const second = await score(folder, dtype, prompts, { ...TOGETHER, rows: 8, waste: 0.1 });
      expect(second.logits).toEqual(first.logits);
    }
  });
});
