/** Gradients of lists in chunks: those of one piece, of the graph's own losses, and of Hugging Face. */
import { describe, expect, it } from 'vitest';
import { randomList, tinyTrainable } from '../../trainer/testing/tiny-training.ts';
import { seededRandom } from '../t5/init-random.ts';
import { rankNetWeights } from '../t5/loss.ts';
import { norm } from './adamw.ts';
import { ChunkStep } from './chunk-step.ts';
import { padChunk } from './chunks.ts';
import { ListGradient, type TrainingList } from './list-gradient.ts';
import { LOSSES, type LossName } from './list-loss.ts';
import { padRows } from './pad-rows.ts';
import type { TrainableModel } from './trainable-model.ts';

/** Rounding of fp32 sums in another order, as a share of a tensor's norm. */
const ROUNDING = 2e-6;
const ALL_IN_ONE = 1e6;

const asked = { decoderIds: [0], labelIds: [5, 6], labelWeights: [1, -1] };

const open = (model: TrainableModel, loss: LossName, chunkTokens: number) =>
  ListGradient.open(model, { ...asked, loss, chunkTokens });

/** d loss / dθ by parameter, with the loss and scores. */
async function gradientOf(loss: LossName, chunkTokens: number, lists: readonly TrainingList[], scale = 1) {
  const model = tinyTrainable();
  const gradient = open(model, loss, chunkTokens);
  const result = await gradient.gradient(lists, scale, false);
  await gradient.release();
  return { model, grads: model.grads, compiled: gradient.compiled, ...result };
}

/** Parameter by parameter, so that a small tensor's error is not lost among large ones. */
function expectEqual({ parameters }: TrainableModel, actual: Float32Array, expected: Float32Array) {
  for (const { name } of parameters.list) {
    const want = parameters.view(name, expected);
    const difference = parameters.view(name, actual).map((value, i) => value - want[i]!);
    expect(norm(difference), name).toBeLessThanOrEqual(ROUNDING * norm(want) + 1e-9);
  }
}

const random = seededRandom(5);
const batch = [randomList(random, 5), randomList(random, 2, 30, 60), randomList(random, 6, 5, 20)];

describe.each(LOSSES)('%s', (loss) => {
  it('in chunks has the gradient, loss and scores of one piece', async () => {
    const whole = await gradientOf(loss, ALL_IN_ONE, batch);
    expect(norm(whole.grads)).toBeGreaterThan(0.01);
    // 1: each prompt by itself.
    for (const chunkTokens of loss.startsWith('ranknet') ? [1, 200] : [130]) {
      const parts = await gradientOf(loss, chunkTokens, batch);
      expect(parts.loss).toBeCloseTo(whole.loss, 5);
      for (const [l, scores] of parts.scores.entries()) {
        expect(scores.length).toBe(batch[l]!.prompts.length);
        for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(whole.scores[l]![i]!, 4);
      }
      expectEqual(whole.model, parts.grads, whole.grads);
    }
  });
});

describe('over calls', () => {
  // RankNet in whole lists, ListNet in two passes.
  it.each(['ranknet', 'listnet'] as const)('%s adds up to the gradient of one call', async (loss) => {
    const once = await gradientOf(loss, 300, batch);
    const model = tinyTrainable();
    const gradient = open(model, loss, 300);
    model.grads.fill(7);
    for (const [i, list] of batch.entries()) await gradient.gradient([list], 1 / batch.length, i > 0);
    await gradient.release();
    expectEqual(model, model.grads, once.grads);
  });
});

describe('RankNet', () => {
  it.each([
    ['one run', ALL_IN_ONE, 1],
    ['a run for each list', 300, 1],
    ['chunks', 100, 2],
  ])("in %s equals the graph's own node", async (_name, chunkTokens, compiled) => {
    const lists = [randomList(random, 6, 33, 45), randomList(random, 6, 33, 45)];
    const { model, grads, ...got } = await gradientOf('ranknet', chunkTokens, lists, 3);
    expect(got.compiled).toBe(compiled);
    const kept = grads.slice();
    const { ids, mask, length } = padRows(
      lists.flatMap(({ prompts }) => prompts),
      16,
    );
    const step = await model.step({ ...asked, rows: 12, length, loss: 'ranknet', listSize: 6 });
    const target = Float32Array.from(lists.flatMap(({ ranks }) => [...rankNetWeights(ranks)]));
    const own = await step.run({ ids, mask, target });
    await model.release();
    expect(got.loss).toBeCloseTo(own.loss, 5);
    for (const [i, score] of got.scores.flatMap((some) => [...some]).entries()) {
      expect(score).toBeCloseTo(own.scores[i]!, 5);
    }
    expectEqual(
      model,
      kept,
      model.grads.map((value) => 3 * value),
    );
  });

  it('is pulled by nothing where the teacher prefers nothing', async () => {
    const { grads, loss } = await gradientOf('ranknet', 100, [
      { ...batch[0]!, ranks: batch[0]!.prompts.map(() => 1) },
    ]);
    expect(loss).toBe(0);
    expect(norm(grads)).toBe(0);
  });
});

describe('dropout', () => {
  // RankNet in whole lists, ListNet in two passes, in several runs of the model.
  const losses = ['ranknet', 'listnet'] as const;
  const dropping = (model: TrainableModel, loss: LossName, rate = 0.1) =>
    ListGradient.open(model, { ...asked, loss, chunkTokens: 300, dropout: { rate, seed: 9 } });

  it.each(losses)('%s drops the same values for the same batch, others for another', async (loss) => {
    const model = tinyTrainable();
    const gradient = dropping(model, loss);
    const at = async (draw: number) => {
      await gradient.gradient(batch, 1, false, { draw });
      return model.grads.slice();
    };
    const [first, other, again] = [await at(4), await at(5), await at(4)];
    expect(again).toEqual(first);
    expect(norm(first.map((value, i) => value - other[i]!))).toBeGreaterThan(0.1 * norm(first));
    await gradient.release();
  });

  it.each(losses)('%s has the gradient of the loss with just these values dropped', async (loss) => {
    const model = tinyTrainable();
    const gradient = dropping(model, loss);
    await gradient.gradient(batch, 1, false, { draw: 7 });
    const slope = model.grads.slice();
    const size = norm(slope);
    const values = model.parameters.values;
    const kept = values.slice();
    // Along the gradient: in single precision, so a long step and a coarse bound.
    const lossAt = async (step: number) => {
      for (let i = 0; i < values.length; i++) values[i] = kept[i]! + (step * slope[i]!) / size;
      return (await gradient.gradient(batch, 1, false, { draw: 7 })).loss;
    };
    const h = 2e-3;
    expect(((await lossAt(h)) - (await lossAt(-h))) / (2 * h) / size).toBeCloseTo(1, 1.5);
    await gradient.release();
  });

  it('drops nothing where scores are asked for, and nothing at a rate of 0', async () => {
    const prompts = batch.flatMap((list) => list.prompts);
    const model = tinyTrainable();
    const [none, zero, some] = [
      open(model, 'ranknet', 300),
      dropping(model, 'ranknet', 0),
      dropping(model, 'ranknet'),
    ];
    const scores = await none.scores(prompts);
    expect(await some.scores(prompts)).toEqual(scores);
    await none.gradient(batch, 1, false);
    const plain = model.grads.slice();
    await zero.gradient(batch, 1, false, { draw: 3 });
    expect(model.grads).toEqual(plain);
    await some.gradient(batch, 1, false, { draw: 3 });
    expect(model.grads).not.toEqual(plain);
    for (const one of [none, zero, some]) await one.release();
  });
});

describe('padding', () => {
  it('rows of it change no gradient', async () => {
    const { prompts } = randomList(random, 3, 17, 32);
    const gradients = [];
    for (const height of [3, 5]) {
      const model = tinyTrainable();
      const shape = { ...asked, rows: height, length: 32, loss: 'linear' as const, listSize: 1 };
      const step = await ChunkStep.open(model, shape, true);
      const target = Float32Array.from({ length: height }, (_, r) => [0.5, -1, 2, 0, 0][r]!);
      const scores = await step.run({
        ...padChunk({ rows: [0, 1, 2], height, length: 32 }, prompts, 0),
        target,
      });
      await step.release();
      gradients.push(model.grads);
      expect(scores.every(Number.isFinite)).toBe(true);
    }
    expect(norm(gradients[0]!)).toBeGreaterThan(0.01);
    expectEqual(tinyTrainable(), gradients[1]!, gradients[0]!);
  });
});
