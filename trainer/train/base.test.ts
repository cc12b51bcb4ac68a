import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorData } from '../../src/onnx/tensor.ts';
import { readSafetensors, writeSafetensors } from '../../src/t5/safetensors.ts';
import { testFolder } from '../testing/folder.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { openBase } from './base.ts';

const folder = testFolder('train-base');
const path = join(folder, 'model.safetensors');
let tensors: Map<string, TensorData<'float32'>>;

beforeAll(async () => {
  await writeTinyCheckpoint(folder, { dtypes: ['fp32'] });
  tensors = readSafetensors(readFileSync(path), path);
});

const sizeOf = (all: ReadonlyMap<string, TensorData<'float32'>>) =>
  [...all.values()].reduce((sum, { data }) => sum + data.length, 0);

describe('openBase', () => {
  it('takes a head that is the shared embedding a second time for a tied one', async () => {
    const twice = new Map(tensors).set('lm_head.weight', tensors.get('shared.weight')!);
    writeFileSync(path, writeSafetensors(twice));
    const base = await openBase(folder);
    expect(base.config.tiedHead).toBe(true);
    expect(base.size).toBe(sizeOf(tensors));
    const loaded = await base.load();
    expect(loaded.config).toEqual(base.config);
    expect([...loaded.weights.keys()]).not.toContain('lm_head.weight');
  });

  it('keeps a head of its own', async () => {
    const shared = tensors.get('shared.weight')!;
    const own = { ...shared, data: shared.data.map((value) => value / 2) };
    const both = new Map(tensors).set('lm_head.weight', own);
    writeFileSync(path, writeSafetensors(both));
    const base = await openBase(folder);
    expect(base.config.tiedHead).toBe(false);
    expect(base.size).toBe(sizeOf(both));
    expect((await base.load()).config).toEqual(base.config);
  });
});
