/** A real sentence encoder through transformers.js against the same model run directly. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encoderDims, encoderFolder, openEncoder } from '../pretrain/data/encoder.ts';
import { testFolder } from '../testing/folder.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { encoderSource } from './encoder.ts';

const folder = encoderFolder();
const missing = !existsSync(join(folder, 'onnx', 'model.onnx'));
const corpus = readSampleCorpus('kitchen');
const list = { query: corpus.queries[0]!, candidates: firstCandidates(corpus, 4), line: 1 };

describe.skipIf(missing)(`labels of an encoder (skipped where ${folder} is missing)`, () => {
  it('are cosines of mean-pooled vectors, whatever was encoded before', async () => {
    const source = await encoderSource({ folder, threads: 1 });
    await source.open();
    await source.label({ ...list, query: corpus.queries[1]! }, {});
    const label = await source.label(list, {});
    await source.dispose();
    const fresh = await encoderSource({ folder, threads: 1 });
    await fresh.open();
    expect(await fresh.label(list, {})).toEqual(label);
    await fresh.dispose();

    const direct = await openEncoder(folder, 1);
    const texts = [
      list.query.text,
      ...list.candidates.map(({ passage }) => `${passage.title}. ${passage.text}`),
    ];
    const vectors = await direct.embed(texts.map((text) => direct.tokenize(text, 512)));
    await direct.release();
    const row = (r: number) => vectors.subarray(r * encoderDims, (r + 1) * encoderDims);
    const cosines = list.candidates.map((_, i) => row(i + 1).reduce((sum, x, d) => sum + x * row(0)[d]!, 0));
    expect(label!.order).toEqual(cosines.map((_, i) => i).sort((a, b) => cosines[b]! - cosines[a]!));
    label!.order.forEach((position, place) => {
      expect(label!.scores[place]).toBeCloseTo(cosines[position]!, 5);
    });
  }, 120_000);
});

describe('a folder that is no encoder', () => {
  it('is named with the file that is missing', async () => {
    const empty = testFolder('encoder');
    await expect(encoderSource({ folder: empty })).rejects.toThrow(/config\.json is not there/);
    for (const name of ['config.json', 'tokenizer.json']) writeFileSync(join(empty, name), '{}');
    await expect(encoderSource({ folder: empty })).rejects.toThrow(/model\.onnx is not there/);
  });
});
