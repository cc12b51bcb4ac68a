/** What is compiled is kept while there is room, the shapes that are used most the longest. */
import { expect, it } from 'vitest';
import { tinyTrainable } from '../../trainer/testing/tiny-training.ts';
import { NODE_BYTES, StepCache } from './step-cache.ts';

const shape = (rows: number) => ({
  rows,
  length: 16,
  decoderIds: [0],
  labelIds: [5],
  labelWeights: [1],
  loss: 'linear' as const,
  listSize: 1,
});

it('releases the shape that was asked for least, and compiles it again when it is needed', async () => {
  const model = tinyTrainable({ json: { num_layers: 1 } });
  const first = new StepCache(model);
  const { nodes } = await first.get(shape(1), false);
  await first.release();
  const cache = new StepCache(model, 2.5 * NODE_BYTES * nodes);
  const often = await cache.get(shape(1), false);
  const rare = await cache.get(shape(2), false);
  expect(await cache.get(shape(1), false)).toBe(often);
  expect(cache.compiled).toBe(2);
  await cache.get(shape(3), false);
  expect(await cache.get(shape(1), false)).toBe(often);
  expect(cache.compiled).toBe(3);

  const again = await cache.get(shape(2), false);
  expect(again).not.toBe(rare);
  expect(cache.compiled).toBe(4);
  const ids = Int32Array.from({ length: 32 }, (_, i) => 2 + i);
  const scores = await again.run({ ids, mask: new Int32Array(32).fill(1) });
  expect(scores.length).toBe(2);
  await cache.release();
});
