/**
 * Training on the core alone (a runtime and AdamW in plain JavaScript), as a browser worker does it: on
 * onnxruntime-node the same bits as the trainer, on onnxruntime-web's WebAssembly the same numbers up to rounding.
 */
import * as ortWeb from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { randomList, tinyTrainable } from '../../trainer/testing/tiny-training.ts';
import { ortRuntime } from '../../workers/ort-runtime.ts';
import type { Runtime } from '../inference/runtime.ts';
import { seededRandom } from '../t5/init-random.ts';
import { adamWDefaults } from './adamw.ts';
import { ListGradient } from './list-gradient.ts';
import { StepPlan } from './step-plan.ts';
import { trainStep } from './train-step.ts';
import { TrainableModel } from './trainable-model.ts';

const STEPS = 15;
/** Steps in which every list is seen once. */
const EPOCH = 3;
const settings = { steps: STEPS, batch: 2, accumulate: 2, seed: 3 };
const rates = { learningRate: 5e-3, schedule: 'linear', warmup: 4, accumulate: 2 } as const;
const random = seededRandom(7);
const lists = Array.from({ length: 12 }, () => randomList(random, 4, 17, 30));

/** Weights and moments after all steps, and the loss of each. */
async function train(model: TrainableModel, signal?: AbortSignal) {
  const engine = ListGradient.open(model, {
    loss: 'listnet',
    decoderIds: [0],
    labelIds: [5, 6],
    labelWeights: [1, -1],
    chunkTokens: 256,
    dropout: { rate: 0.1, seed: 3 },
  });
  const plan = new StepPlan(lists.length, settings);
  const input = { model, engine, plan, lists, settings: rates, optimiser: adamWDefaults, signal };
  const losses: number[] = [];
  for (let step = 0; step < plan.steps; step++) losses.push((await trainStep(input, step)).loss);
  await engine.release();
  return { arrays: [model.parameters.values, model.adam.m, model.adam.v], losses };
}

/** The trainer's model with the same weights, on the core alone. */
function onCore(runtime: Runtime): TrainableModel {
  const { config, weights } = tinyTrainable().snapshot();
  const values = new Map([...weights].map(([name, { data }]) => [name, data as Float32Array]));
  return new TrainableModel(config, values, { runtime });
}

function webRuntime(): Runtime {
  ortWeb.env.wasm.numThreads = 1;
  const yieldTask = () => new Promise<void>((resolve) => setTimeout(resolve));
  return { ...ortRuntime(ortWeb, ['wasm']), device: 'wasm', threads: 1, yieldTask };
}

describe(`${STEPS} steps on the core alone`, () => {
  it('give the bits of the trainer', async () => {
    const trainer = await train(tinyTrainable());
    const core = await train(onCore(nodeRuntime(1)));
    for (const [i, array] of trainer.arrays.entries()) expect(core.arrays[i]).toEqual(array);
    expect(core.losses).toEqual(trainer.losses);
    const sum = (losses: readonly number[]) => losses.reduce((a, b) => a + b, 0);
    expect(sum(core.losses.slice(-EPOCH))).toBeLessThan(sum(core.losses.slice(0, EPOCH)));
  });

  it('run on onnxruntime-web, whose sums differ in their order only', async () => {
    const node = await train(onCore(nodeRuntime(1)));
    const web = await train(onCore(webRuntime()));
    const worst = web.arrays[0]!.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - node.arrays[0]![i]!)),
      0,
    );
    expect(worst).toBeLessThan(1e-4);
    for (const [i, loss] of web.losses.entries()) expect(Math.abs(loss - node.losses[i]!)).toBeLessThan(1e-4);
  });

  it('change nothing when they are cancelled', async () => {
    const model = onCore(nodeRuntime(1));
    const before = model.parameters.values.slice();
    const controller = new AbortController();
    controller.abort();
    await expect(train(model, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(model.parameters.values).toEqual(before);
    expect(model.adam.step).toBe(0);
  });
});
