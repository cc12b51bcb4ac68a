/** Scorers whose weights lie beside them: opened wherever the folder lies, and held to the card. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { temporaryFolder } from '../../trainer/testing/temporary.ts';
import { tinyCard, tinyModel, tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import type { FolderReader } from '../bytes/byte-source.ts';
import { memoryFolder, memoryWriter } from '../bytes/memory.ts';
import { sha256 } from '../bytes/sha256.ts';
import { BlobFolder } from '../sources/blob-folder.ts';
import { writeT5Config } from '../t5/config.ts';
import { buildScorer } from '../t5/scorer-graph.ts';
import { streamScorer } from '../t5/stream-scorer.ts';
import { readable } from '../t5/weights.ts';
import { parseRankerCard } from './card-read.ts';
import { type OpenOptions, openCheckpoint } from './open-checkpoint.ts';

const temporary = temporaryFolder();
const SCORER = 'onnx/scorer_q8.onnx';
const DATA = 'onnx/scorer_q8.onnx_data';
/** By path; the weights are outside though the model is tiny. */
const files = new Map<string, Uint8Array<ArrayBuffer>>();

beforeAll(async () => {
  const model = tinyModel({ seed: 7 });
  const text = (value: string) => new TextEncoder().encode(value);
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  files.set('config.json', text(JSON.stringify(writeT5Config(model.config))));
  files.set('tokenizer.json', text(tokenizerJson));
  files.set('tokenizer_config.json', text(tokenizerConfigJson));
  const writer = memoryWriter('x/');
  const place = { location: 'scorer_q8.onnx_data', create: () => writer.create(DATA) };
  const limits = { externalFrom: 0, inlineBelow: 0 };
  files.set(SCORER, (await streamScorer(readable(model), 'q8', place, limits)).model);
  await writer.commit();
  files.set(DATA, writer.files.get(DATA)!);
  files.set('onnx/scorer_fp32.onnx', buildScorer(model, 'fp32'));
  files.set('onnx/whole_q8.onnx', buildScorer(model, 'q8'));
  files.set('ranker.json', text(JSON.stringify(await cardOf({ q8: DATA }))));
  mkdirSync(join(temporary.path, 'onnx'));
  for (const [path, bytes] of files) temporary.write(path, bytes);
});

async function cardOf(externalData: Readonly<Record<string, string>> | undefined, q8 = SCORER) {
  const listed = [...files].filter(([path]) => path !== 'ranker.json');
  const digests = await Promise.all(
    listed.map(
      async ([path, bytes]) => [path, { bytes: bytes.length, sha256: await sha256(bytes) }] as const,
    ),
  );
  const scorers = { q8, fp32: 'onnx/scorer_fp32.onnx' };
  return {
    format: 'rankscope-checkpoint',
    version: 1,
    ...tinyCard(),
    scorers,
    externalData,
    files: Object.fromEntries(digests),
  };
}

async function logits(folder: FolderReader, options: OpenOptions = {}): Promise<number[]> {
  const { scorer, bytes } = await openCheckpoint(folder, nodeRuntime(1), { dtype: 'q8', ...options });
  const prompt = { parts: [{ text: 'large water one time' }], labels: ['a', 'b'], decoderPrefix: '' };
  const out: number[] = [bytes];
  for await (const batch of scorer.score([prompt])) out.push(...batch.logits);
  await scorer.dispose();
  return out;
}

const changed = (path: string, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) =>
  new Map([...files, [path, change(files.get(path)!.slice())]]);
const flipped = (bytes: Uint8Array<ArrayBuffer>) => {
  bytes[bytes.length >> 1]! ^= 1;
  return bytes;
};
const blobs = (from: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) =>
  new BlobFolder(
    'x',
    [...from].map(([path, bytes]) => ({ path, size: bytes.length, blob: new Blob([bytes]) })),
  );

describe('weights beside a scorer', () => {
  it('are the same model from disk, from Blobs and from memory, as inside it', async () => {
    const whole = new Map(files);
    const card = await cardOf(undefined, 'onnx/whole_q8.onnx');
    whole.set('ranker.json', new TextEncoder().encode(JSON.stringify(card)));
    const [, ...inside] = await logits(memoryFolder('x/', whole));
    for (const folder of [nodeFolder(temporary.path), blobs(files), memoryFolder('x/', files)]) {
      const [bytes, ...values] = await logits(folder);
      expect(values).toEqual(inside);
      expect(bytes).toBe(files.get(SCORER)!.length + files.get(DATA)!.length);
    }
    expect(readdirSync(join(temporary.path, 'onnx')).length).toBe(4);
  });

  it('are refused when they were altered or cut, from anywhere', async () => {
    const altered = changed(DATA, flipped);
    const cut = changed(DATA, (bytes) => bytes.subarray(0, bytes.length - 1));
    for (const open of [blobs, (from: typeof files) => memoryFolder('x/', from)]) {
      await expect(logits(open(altered))).rejects.toThrow(/onnx_data was altered: its SHA-256/);
      await expect(logits(open(cut))).rejects.toThrow(/onnx_data is truncated/);
      // Trusted folders are not read through, but no part may be missing.
      await expect(logits(open(cut), { trusted: true })).rejects.toThrow(/onnx_data is truncated/);
    }
    const on = join(temporary.path, DATA);
    const right = readFileSync(on);
    writeFileSync(on, altered.get(DATA)!);
    await expect(logits(nodeFolder(temporary.path))).rejects.toThrow(/onnx_data was altered/);
    writeFileSync(on, right);
  });

  it('must be listed, belong to a scorer and lie in its folder', async () => {
    const read = (card: object) => parseRankerCard(JSON.stringify(card), 'x/ranker.json');
    expect(read(await cardOf({ q8: DATA })).externalData).toEqual({ q8: DATA });
    const refused = async (externalData: unknown) => {
      const card = { ...(await cardOf(undefined)), externalData };
      expect(() => read(card)).toThrow(/externalData/);
    };
    await refused({ q8: 'onnx/other' });
    await refused({ int8: DATA });
    await refused({ q8: 'config.json' });
    await refused([]);
    await refused({ toString: DATA });
  });
});
