/** A stage that is stopped and started again ends with the weights of one that was not. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../../src/onnx/tensor.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import { adamWDefaults, plainOptimizer } from '../../src/training/adamw.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { loadState, saveState } from '../engine/state.ts';
import { openTrainable } from '../engine/trainable.ts';
import { learningRateAt, runStage, type StageOptions } from './loop.ts';
import { type Recipe, recipeConfig } from './recipe.ts';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-loop-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const silent = { record: () => {}, say: () => {}, detail: () => {}, progress: () => {} };

function tinyModel(): TrainableModel {
  const model = { dModel: 8, dKv: 4, dFf: 8, numHeads: 2, encoderLayers: 1, decoderLayers: 1, gated: false };
  const config = recipeConfig({ model } as Recipe, 20);
  const random = seededRandom(1);
  const weights = new Map(
    [...parameterShapes(config)].map(([name, dims]) => [
      name,
      Float32Array.from({ length: sizeOf(dims) }, () => 0.3 * random.normal()),
    ]),
  );
  return openTrainable(config, weights, { threads: 1 });
}

function options(name: string, stopAt = Number.POSITIVE_INFINITY): StageOptions {
  return {
    name,
    steps: 8,
    learningRate: 0.01,
    warmup: 2,
    decay: 0.5,
    seed: 3,
    optimiser: adamWDefaults,
    statePath: join(folder, `${name}.state`),
    saveSeconds: 0,
    validateEvery: 100,
    plan: (random, step) => {
      if (step === stopAt) throw new Error('stopped');
      const prompts = [0, 1, 2, 3].map(() =>
        Int32Array.from(
          { length: 3 + Math.floor(3 * random.uniform()) },
          () => 2 + Math.floor(18 * random.uniform()),
        ),
      );
      const target = Float32Array.from([1, 0, 0.25, 0.75]);
      const shape = {
        decoderIds: [0],
        labelIds: [4, 5],
        labelWeights: [1, -1],
        loss: 'listwise' as const,
        listSize: 2,
      };
      return { kind: 'test', prompts, target, shape };
    },
  };
}

describe('runStage', () => {
  it('goes on from its state to the same weights, bit by bit', async () => {
    const whole = tinyModel();
    await runStage(whole, options('whole'), silent);

    await expect(runStage(tinyModel(), options('halves', 5), silent)).rejects.toThrow('stopped');
    const resumed = tinyModel();
    const { finish } = await runStage(resumed, options('halves'), silent);
    expect([...resumed.parameters.values]).toEqual([...whole.parameters.values]);
    expect(resumed.adam.step).toBe(8);

    expect(existsSync(join(folder, 'halves.state'))).toBe(true);
    finish();
    expect(existsSync(join(folder, 'halves.state'))).toBe(false);
  });

  it('changes the weights', async () => {
    const before = [...tinyModel().parameters.values];
    const model = tinyModel();
    await runStage(model, options('changed'), silent);
    expect([...model.parameters.values]).not.toEqual(before);
  });
});

describe('training state', () => {
  it('refuses a state of another model, and says what to do', () => {
    const path = join(folder, 'other.state');
    const adam = plainOptimizer(3);
    adam.step = 2;
    saveState(path, { step: 7, values: Float32Array.of(1, 2, 3), adam });
    expect(() => loadState(path, new Float32Array(4), plainOptimizer(4))).toThrow(/other\.state.*Delete it/);
    const values = new Float32Array(3);
    expect(loadState(path, values, plainOptimizer(3))).toBe(7);
    expect([...values]).toEqual([1, 2, 3]);
  });
});

describe('learningRateAt', () => {
  const shape = { steps: 100, learningRate: 1, warmup: 10, decay: 0.5 };
  it('rises, stays, falls to 5 %', () => {
    expect(learningRateAt(0, shape)).toBeCloseTo(0.1);
    expect(learningRateAt(30, shape)).toBe(1);
    expect(learningRateAt(50, shape)).toBe(1);
    expect(learningRateAt(99, shape)).toBeLessThan(0.08);
    expect(learningRateAt(99, shape)).toBeGreaterThan(0.05);
  });
});
