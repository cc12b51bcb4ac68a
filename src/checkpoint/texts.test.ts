/** Checkpoints as they are, none exported for it: a likelihood reads its prompt once, wherever the weights lie. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { temporaryFolder } from '../../trainer/testing/temporary.ts';
import { tinyCard, tinyModel, tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import type { FolderReader } from '../bytes/byte-source.ts';
import { memoryFolder, memoryWriter } from '../bytes/memory.ts';
import { sha256 } from '../bytes/sha256.ts';
import type { LikelihoodPrompt } from '../inference/ranker-model.ts';
import type { Runtime } from '../inference/runtime.ts';
import type { Dtype } from '../inference/scorer.ts';
import { writeT5Config } from '../t5/config.ts';
import { streamScorer } from '../t5/stream-scorer.ts';
import { readable } from '../t5/weights.ts';
import { type OpenOptions, openCheckpoint } from './open-checkpoint.ts';

const temporary = temporaryFolder();
const SHIPPED = new URL('../../public/models/', import.meta.url).pathname;
const PROMPTS: readonly LikelihoodPrompt[] = ['cold water in the town', 'a house', 'light and day'].map(
  (text) => ({ parts: [{ text }], decoderPrefix: '', target: 'what is water for people' }),
);

interface Asked {
  readonly means: readonly number[];
  /** Runs of the sessions in the order in which they were made, the second time that all was asked. */
  readonly runs: readonly number[];
}

async function ask(
  folder: FolderReader,
  options: OpenOptions,
  most = Number.POSITIVE_INFINITY,
): Promise<Asked> {
  const node = nodeRuntime(1);
  const runs: number[] = [];
  const runtime: Runtime = {
    ...node,
    async createSession(...args) {
      if (runs.length >= most) throw new Error('no more sessions');
      const session = await node.createSession(...args);
      const own = runs.push(0) - 1;
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        release: () => session.release(),
        run(feeds, fetches) {
          runs[own]!++;
          return session.run(feeds, fetches);
        },
      };
    },
  };
  const { scorer } = await openCheckpoint(folder, runtime, options);
  const means: number[] = [];
  for (let time = 0; time < 2; time++) {
    runs.fill(0);
    for await (const { indices, logProbabilities } of scorer.likelihoods(PROMPTS)) {
      for (const [row, values] of logProbabilities.entries()) {
        means[indices[row]!] = values.reduce((sum, value) => sum + value, 0) / values.length;
      }
    }
  }
  await scorer.dispose();
  return { means, runs };
}

/** As good as the scorer's own runs, and none of those. */
async function inOneReading(folder: FolderReader, dtype: Dtype, options: OpenOptions = {}): Promise<void> {
  const byToken = await ask(folder, { dtype }, 1);
  expect(byToken.runs[0]).toBeGreaterThan(3);
  const { means, runs } = await ask(folder, { dtype, ...options });
  const [scorer, encoder, decoder] = runs;
  expect(scorer).toBe(0);
  expect(encoder).toBeGreaterThan(0);
  expect(decoder).toBe(encoder);
  expect(encoder).toBeLessThanOrEqual(PROMPTS.length);
  for (const [i, mean] of byToken.means.entries()) {
    expect(Math.abs(means[i]! - mean)).toBeLessThan(dtype === 'int8' ? 0.05 : 1e-4);
  }
}

describe('a likelihood is one reading', () => {
  it.each(
    ['demo-teacher', 'demo-student'].flatMap((id) => (['int8', 'q8'] as const).map((one) => [id, one])),
  )('of %s as it is shipped, %s', (id, dtype) => inOneReading(nodeFolder(`${SHIPPED}${id}`), dtype as Dtype));

  it('of weights beside the scorer, on disk and in memory, held in one form or in both', async () => {
    const files = await withWeightsBeside('int8');
    mkdirSync(join(temporary.path, 'onnx'));
    for (const [path, bytes] of files) temporary.write(path, bytes);
    for (const twiceBelow of [0, 2 ** 30]) {
      await inOneReading(nodeFolder(temporary.path), 'int8', { twiceBelow });
      await inOneReading(memoryFolder('m/', files), 'int8', { twiceBelow });
    }
  });
});

async function withWeightsBeside(dtype: Dtype): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const model = tinyModel({ seed: 7 });
  const text = (value: string) => new TextEncoder().encode(value);
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  const [path, beside] = [`onnx/scorer_${dtype}.onnx`, `onnx/scorer_${dtype}.onnx_data`];
  const writer = memoryWriter('x/');
  const place = { location: `scorer_${dtype}.onnx_data`, create: () => writer.create(beside) };
  const scorer = await streamScorer(readable(model), dtype, place, { externalFrom: 0, inlineBelow: 64 });
  await writer.commit();
  const files = new Map([
    ['config.json', text(JSON.stringify(writeT5Config(model.config)))],
    ['tokenizer.json', text(tokenizerJson)],
    ['tokenizer_config.json', text(tokenizerConfigJson)],
    [path, scorer.model],
    [beside, writer.files.get(beside)!],
  ]);
  const digests = await Promise.all(
    [...files].map(async ([name, bytes]) => [name, { bytes: bytes.length, sha256: await sha256(bytes) }]),
  );
  const card = {
    format: 'rankscope-checkpoint',
    version: 1,
    ...tinyCard(),
    scorers: { [dtype]: path },
    externalData: { [dtype]: beside },
    files: Object.fromEntries(digests),
  };
  return files.set('ranker.json', text(JSON.stringify(card)));
}
