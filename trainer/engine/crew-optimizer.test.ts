import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/t5/init-random.ts';
import { adamW, adamWDefaults, type Optimizer, plainOptimizer } from '../../src/training/adamw.ts';
import { crewOptimizer } from './crew-optimizer.ts';

it('is the plain loop bit by bit, with and without helpers', () => {
  const size = (1 << 20) + 3;
  const random = seededRandom(3);
  const draw = () =>
    Float32Array.from({ length: size }, (_, i) => (i % 5 === 0 ? 0 : random.uniform() - 0.5));
  const [start, grads] = [draw(), [draw(), draw()]];
  const options = { ...adamWDefaults, clipNorm: 100 };
  const train = (optimizer: Optimizer, steps: () => boolean) => {
    const values = start.slice();
    while (steps()) adamW(values, grads[optimizer.step % 2]!, optimizer, 1e-3, options);
    return [values, optimizer.m, optimizer.v].map((array) =>
      createHash('sha256').update(new Uint8Array(array.buffer)).digest('hex'),
    );
  };
  // Helpers take a moment to start: until they have done something, at least three steps.
  const shared = crewOptimizer(size, 3);
  const began = performance.now();
  const found = train(
    shared,
    () => shared.step < 3 || (shared.crew.helped === 0 && performance.now() - began < 10_000),
  );
  expect(shared.crew.helped).toBeGreaterThan(0);
  for (const alone of [plainOptimizer(size), crewOptimizer(size)]) {
    expect(train(alone, () => alone.step < shared.step)).toEqual(found);
  }
});
