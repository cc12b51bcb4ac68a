/** What training can start from, and what is then known of it. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../src/t5/safetensors.ts';
import { fileDigest } from '../node/digests.ts';
import { testFolder } from '../testing/folder.ts';
import { tinyModel, writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { openBase } from './base.ts';

const folder = testFolder('train-base');
const at = (...names: string[]) => join(folder, ...names);

beforeAll(async () => {
  await writeTinyCheckpoint(at('ours'), { dtypes: ['fp32'], maxTokens: 96 });
  cpSync(at('ours'), at('flan-t5-tiny'), { recursive: true });
  for (const name of ['ranker.json', 'onnx']) rmSync(at('flan-t5-tiny', name), { recursive: true });
  writeFileSync(at('flan-t5-tiny', 'README.md'), '---\nlicense: apache-2.0\n---\n');
  writeFileSync(at('flan-t5-tiny', 'model.safetensors'), writeSafetensors(tinyModel().weights, 'BF16'));
});

describe('the start of a training', () => {
  it('is a checkpoint of ours, with its card', async () => {
    const base = await openBase(at('ours'));
    expect(base.card).toMatchObject({
      name: 'tiny-teacher',
      license: 'Apache-2.0',
      limits: { maxTokens: 96 },
    });
    expect(base.digests.weights).toBe(await fileDigest(at('ours', 'model.safetensors')));
    const { weights } = await base.load();
    expect([...weights.keys()].sort()).toEqual([...tinyModel().weights.keys()].sort());
    for (const [name, { data }] of tinyModel().weights) expect(weights.get(name)!.data).toEqual(data);
  });

  it('is a T5 of Hugging Face in bf16, known by its name and its README', async () => {
    const base = await openBase(at('flan-t5-tiny'));
    expect(base.card).toMatchObject({
      name: 'flan-t5-tiny',
      license: 'apache-2.0',
      limits: { maxTokens: 512 },
    });
    const [name, tensor] = [...tinyModel().weights][0]!;
    const found = (await base.load()).weights.get(name)!.data;
    expect(Math.abs(found[0]! - tensor.data[0]!)).toBeLessThan(Math.abs(tensor.data[0]!) / 128);
  });

  it('says what is missing', async () => {
    cpSync(at('flan-t5-tiny'), at('half'), { recursive: true });
    rmSync(at('half', 'tokenizer.json'));
    await expect(openBase(at('half'))).rejects.toThrow(/half\/tokenizer\.json cannot be read/);
    rmSync(at('half', 'model.safetensors'));
    await expect(openBase(at('half'))).rejects.toThrow(/half has no weights/);
    await expect(openBase(at('nowhere'))).rejects.toThrow(/nowhere\/config\.json cannot be read/);
  });
});
