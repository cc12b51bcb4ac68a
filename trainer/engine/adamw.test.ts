import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/t5/init-random.ts';
import { type AdamWState, adamW, adamWDefaults, adamWState, norm } from './adamw.ts';

describe('adamW', () => {
  it('takes the first step of Loshchilov & Hutter by hand', () => {
    const values = Float32Array.of(1, -2);
    const state = adamWState(2);
    const total = adamW(values, Float32Array.of(0.3, -0.4), state, 0.1, { ...adamWDefaults, clipNorm: 10 });
    expect(total).toBeCloseTo(0.5, 6);
    // After bias correction the first step is lr · sign(grad), the decay lr · 0.01 · value.
    expect(values[0]).toBeCloseTo(1 - 0.1 * 0.01 - 0.1, 5);
    expect(values[1]).toBeCloseTo(-2 + 0.1 * 0.01 * 2 + 0.1, 5);
  });

  it('clips by the norm of all gradients', () => {
    const options = { ...adamWDefaults, weightDecay: 0, clipNorm: 1 };
    const state = adamWState(2);
    adamW(new Float32Array(2), Float32Array.of(30, 40), state, 0.1, options);
    expect(state.m[0]).toBeCloseTo(0.1 * 0.6, 5);
    expect(state.m[1]).toBeCloseTo(0.1 * 0.8, 5);
  });

  it('leaves everything as it was when a gradient is not a number', () => {
    const values = Float32Array.of(1, 2);
    const state = adamWState(2);
    expect(adamW(values, Float32Array.of(Number.NaN, 1), state, 0.1, adamWDefaults)).toBeNaN();
    expect([...values, ...state.m, ...state.v, state.step]).toEqual([1, 2, 0, 0, 0, 0, 0]);
  });

  it('moves a row without gradient as its moments say, like dense AdamW', () => {
    const values = Float32Array.of(1, 1);
    const state = adamWState(2);
    const options = { ...adamWDefaults, weightDecay: 0, clipNorm: Number.POSITIVE_INFINITY };
    adamW(values, Float32Array.of(1, 0), state, 0.1, options);
    const after = values[0]!;
    adamW(values, Float32Array.of(0, 0), state, 0.1, options);
    expect(values[0]!).toBeLessThan(after);
    expect(values[1]).toBe(1);
  });

  it('sums norms in doubles', () => {
    expect(norm(new Float32Array(1e6).fill(1e-4))).toBeCloseTo(0.1, 8);
  });

  it('is the plain loop bit by bit, with and without helpers', () => {
    const size = (1 << 20) + 3;
    const random = seededRandom(3);
    const draw = () =>
      Float32Array.from({ length: size }, (_, i) => (i % 5 === 0 ? 0 : random.uniform() - 0.5));
    const [start, grads] = [draw(), [draw(), draw()]];
    const options = { ...adamWDefaults, clipNorm: 100 };
    const train = (step: typeof adamW, state: AdamWState, steps: () => boolean) => {
      const values = start.slice();
      while (steps()) step(values, grads[state.step % 2]!, state, 1e-3, options);
      return [values, state.m, state.v].map((array) =>
        createHash('sha256').update(new Uint8Array(array.buffer)).digest('hex'),
      );
    };
    // Helpers take a moment to start: until they have done something, at least three steps.
    const shared = adamWState(size, 3);
    const began = performance.now();
    const found = train(
      adamW,
      shared,
      () => shared.step < 3 || (shared.crew.helped === 0 && performance.now() - began < 10_000),
    );
    expect(shared.crew.helped).toBeGreaterThan(0);
    for (const step of [plainAdamW, adamW]) {
      const alone = adamWState(size);
      expect(train(step, alone, () => alone.step < shared.step)).toEqual(found);
    }
  });
});

/** AdamW as one writes it down. */
const plainAdamW: typeof adamW = (values, grads, state, learningRate, options) => {
  const total = norm(grads);
  const clip = Math.min(1, options.clipNorm / (total + 1e-6));
  state.step++;
  const { beta1, beta2, epsilon } = options;
  const { m, v } = state;
  const keep = 1 - learningRate * options.weightDecay;
  const rate = learningRate / (1 - beta1 ** state.step);
  const root = 1 / Math.sqrt(1 - beta2 ** state.step);
  for (let i = 0; i < values.length; i++) {
    const grad = grads[i]! * clip;
    const first = beta1 * m[i]! + (1 - beta1) * grad;
    const second = beta2 * v[i]! + (1 - beta2) * grad * grad;
    m[i] = first;
    v[i] = second;
    values[i] = values[i]! * keep - (rate * first) / (Math.sqrt(second) * root + epsilon);
  }
  return total;
};
