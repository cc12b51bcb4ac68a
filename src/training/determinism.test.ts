/**
 * The same seed gives the same weights, bit by bit, on one machine with one number of threads: a kernel
 * that adds in the order in which threads arrive (ScatterND did) would differ within a few steps.
 * Numbers of threads may differ from each other: they part sums differently.
 */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { randomList, tinyTrainable } from '../../trainer/testing/tiny-training.ts';
import { seededRandom } from '../t5/init-random.ts';
import { adamW, adamWDefaults } from './adamw.ts';
import { ListGradient } from './list-gradient.ts';

const STEPS = 100;
/** Large enough that onnxruntime parts its products among threads. */
const json = { num_layers: 1, d_model: 64, d_kv: 16, d_ff: 128, num_heads: 4 };

/** Digest of weights and moments after all steps. */
async function train(threads: number): Promise<string> {
  const model = tinyTrainable({ threads, json });
  // Chunks of four rows: scores, then gradients that are added up; or both at once, where lists fit.
  const gradient = ListGradient.open(model, {
    decoderIds: [0],
    labelIds: [5, 6],
    labelWeights: [1, -1],
    loss: 'ranknet',
    chunkTokens: 128,
  });
  const random = seededRandom(11);
  const first = model.parameters.values.slice();
  for (let step = 0; step < STEPS; step++) {
    const sizes = step % 2 === 0 ? [6, 2] : [4, 4];
    const lists = sizes.map((size) => randomList(random, size, 17, 32));
    await gradient.gradient(lists, 1, false);
    adamW(model.parameters.values, model.grads, model.adam, 1e-3, adamWDefaults);
  }
  expect(gradient.compiled).toBe(3);
  expect(model.parameters.values.every((value, i) => Number.isFinite(value) && value !== first[i])).toBe(
    true,
  );
  await gradient.release();
  const hash = createHash('sha256');
  for (const array of [model.parameters.values, model.adam.m, model.adam.v])
    hash.update(Buffer.from(array.buffer));
  return hash.digest('hex');
}

it.each([2, 4])(`gives the same bits after ${STEPS} steps, twice with %i threads`, async (threads) => {
  expect(await train(threads)).toBe(await train(threads));
});
