/** Opening checkpoint folders, whole and damaged: the right code, and a message that names the file. */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { tinyTokenizer, writeTinyCheckpoint } from '../../trainer/testing/tiny-checkpoint.ts';
import { sha256 } from '../bytes/sha256.ts';
import type { Dtype, Prompt } from '../inference/scorer.ts';
import { encodeModel } from '../onnx/encode.ts';
import { Graph } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { chooseDtype, openCheckpoint } from './open-checkpoint.ts';
import type { RankerCard } from './ranker-card.ts';

const root = mkdtempSync(join(tmpdir(), 'rankscope-checkpoint-'));
const whole = join(root, 'whole');
const folder = join(root, 'damaged');
let card: RankerCard;

beforeAll(async () => {
  card = await writeTinyCheckpoint(whole, { dtypes: ['fp32', 'int8'] });
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(whole, folder, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open = (dtype?: Dtype, path = folder) =>
  openCheckpoint(nodeFolder(path), nodeRuntime(1), dtype ? { dtype } : {});

/** Puts other bytes in a file's place, and into the card too, as somebody who exports wrongly would. */
async function replace(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  writeFileSync(join(folder, file), bytes);
  const files = { ...card.files, [file]: { bytes: bytes.length, sha256: await sha256(bytes) } };
  writeFileSync(join(folder, 'ranker.json'), JSON.stringify({ ...card, files }));
}

const text = (value: string) => new TextEncoder().encode(value);
const badCheckpoint = (message: RegExp) =>
  expect.objectContaining({ code: 'bad-checkpoint', message: expect.stringMatching(message) });

describe('a whole checkpoint', () => {
  it('opens with int8 on CPU, with the digest of that file, and scores', async () => {
    const stages: string[] = [];
    const opened = await openCheckpoint(nodeFolder(folder), nodeRuntime(1), {
      onDownload: (file, loaded, total) => stages.push(`${file} ${loaded === total}`),
      onCompile: () => stages.push('compile'),
    });
    const { scorer } = opened;
    expect(stages).toEqual(['onnx/scorer_int8.onnx true', 'compile']);
    expect(scorer.info).toMatchObject({
      name: 'tiny-teacher',
      dtype: 'int8',
      device: 'cpu',
      threads: 1,
      digest: card.files['onnx/scorer_int8.onnx']!.sha256,
    });
    expect(opened.bytes).toBe(card.files['onnx/scorer_int8.onnx']!.bytes);
    const prompt: Prompt = { parts: [{ text: 'cold water' }], decoderPrefix: '', labels: ['Yes', 'No'] };
    for await (const batch of scorer.score([prompt])) expect(batch.logits).toHaveLength(2);
    await scorer.dispose();
  });

  it('says which dtypes it has when asked for another', async () => {
    await expect(open('q4')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('no q4 scorer for cpu; it has fp32, int8'),
    });
  });
});

describe('chooseDtype', () => {
  const having = (...dtypes: Dtype[]) => ({
    ...card,
    scorers: Object.fromEntries(dtypes.map((dtype) => [dtype, dtype])),
  });
  it('never takes int8 for WebGPU by itself', () => {
    expect(chooseDtype(having('int8', 'q8'), 'webgpu')).toBe('q8');
    expect(chooseDtype(having('int8', 'q8'), 'wasm')).toBe('int8');
    expect(() => chooseDtype(having('int8'), 'webgpu')).toThrowError(/no suitable scorer for webgpu/);
    expect(chooseDtype(having('int8', 'fp32'), 'cpu', 'fp32')).toBe('fp32');
  });
});

describe('a damaged checkpoint', () => {
  it('without ranker.json', async () => {
    rmSync(join(folder, 'ranker.json'));
    await expect(open()).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringMatching(/ranker\.json cannot be read: there is no such file/),
    });
  });

  for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/scorer_int8.onnx']) {
    it(`without ${file}`, async () => {
      rmSync(join(folder, file));
      await expect(open()).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining(file) });
    });

    it(`with ${file} truncated`, async () => {
      truncateSync(join(folder, file), 50);
      await expect(open()).rejects.toThrow(badCheckpoint(new RegExp(`${file} is truncated: 50 bytes`)));
    });

    it(`with one bit of ${file} altered`, async () => {
      const bytes = readFileSync(join(folder, file));
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(join(folder, file), bytes);
      await expect(open()).rejects.toThrow(badCheckpoint(new RegExp(`${file} was altered`)));
    });

    it(`whose card does not list ${file}`, async () => {
      const { [file]: _, ...files } = card.files;
      writeFileSync(join(folder, 'ranker.json'), JSON.stringify({ ...card, files }));
      await expect(open()).rejects.toThrow(
        badCheckpoint(new RegExp(file === 'onnx/scorer_int8.onnx' ? 'scorers.int8' : file)),
      );
    });
  }

  it('with a web page in the place of ranker.json', async () => {
    writeFileSync(join(folder, 'ranker.json'), '<!doctype html><html></html>');
    await expect(open()).rejects.toThrow(badCheckpoint(/ranker\.json: is an HTML page/));
  });

  it('with a config.json that is not JSON', async () => {
    await replace('config.json', text('{"d_model": 64,'));
    await expect(open()).rejects.toThrow(badCheckpoint(/config\.json is not JSON/));
  });

  it('of another architecture', async () => {
    await replace('config.json', text('{"model_type": "bert"}'));
    await expect(open()).rejects.toThrow(badCheckpoint(/model_type is "bert"; Rankscope reads T5/));
  });

  it('with a config.json that lacks a size', async () => {
    await replace('config.json', text('{"model_type": "t5", "vocab_size": 500}'));
    await expect(open()).rejects.toThrow(
      badCheckpoint(/config\.json: num_layers must be a positive whole number/),
    );
  });

  it('with a tokenizer.json that is JSON but no tokenizer', async () => {
    await replace('tokenizer.json', text('{"model": 1}'));
    await expect(open()).rejects.toThrow(badCheckpoint(/tokenizer\.json cannot be used/));
  });

  it('with the tokenizer of a larger model', async () => {
    const json = JSON.parse(tinyTokenizer().tokenizerJson) as { model: { vocab: [string, number][] } };
    json.model.vocab.push(['▁stranger', -4]);
    await replace('tokenizer.json', text(JSON.stringify(json)));
    await expect(open()).rejects.toThrow(
      badCheckpoint(
        /tokens, and .*config\.json has vocab_size \d+: they do not belong to the same checkpoint/,
      ),
    );
  });

  it('with a scorer that is no ONNX file', async () => {
    await replace('onnx/scorer_int8.onnx', text('not a model'));
    await expect(open()).rejects.toMatchObject({
      code: 'device',
      message: expect.stringMatching(/scorer_int8\.onnx could not be started on cpu/),
    });
  });

  it('with an ONNX file that is no scorer', async () => {
    const g = new Graph();
    g.output(op.add(g, g.input('x', 'float32', [1]), op.scalar(g, 1)), 'y');
    await replace('onnx/scorer_int8.onnx', encodeModel(g));
    await expect(open()).rejects.toThrow(
      badCheckpoint(/is not a Rankscope scorer: it lacks input_ids.*logits/),
    );
  });
});
