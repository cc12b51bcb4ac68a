import { describe, expect, it } from 'vitest';
import { adamW, adamWDefaults, norm, plainOptimizer } from './adamw.ts';

describe('adamW', () => {
  it('takes the first step of Loshchilov & Hutter by hand', () => {
    const values = Float32Array.of(1, -2);
    const state = plainOptimizer(2);
    const total = adamW(values, Float32Array.of(0.3, -0.4), state, 0.1, { ...adamWDefaults, clipNorm: 10 });
    expect(total).toBeCloseTo(0.5, 6);
    // After bias correction the first step is lr · sign(grad), the decay lr · 0.01 · value.
    expect(values[0]).toBeCloseTo(1 - 0.1 * 0.01 - 0.1, 5);
    expect(values[1]).toBeCloseTo(-2 + 0.1 * 0.01 * 2 + 0.1, 5);
  });

  it('clips by the norm of all gradients', () => {
    const options = { ...adamWDefaults, weightDecay: 0, clipNorm: 1 };
    const state = plainOptimizer(2);
    adamW(new Float32Array(2), Float32Array.of(30, 40), state, 0.1, options);
    expect(state.m[0]).toBeCloseTo(0.1 * 0.6, 5);
    expect(state.m[1]).toBeCloseTo(0.1 * 0.8, 5);
  });

  it('leaves everything as it was when a gradient is not a number', () => {
    const values = Float32Array.of(1, 2);
    const state = plainOptimizer(2);
    expect(adamW(values, Float32Array.of(Number.NaN, 1), state, 0.1, adamWDefaults)).toBeNaN();
    expect([...values, ...state.m, ...state.v, state.step]).toEqual([1, 2, 0, 0, 0, 0, 0]);
  });

  it('moves a row without gradient as its moments say, like dense AdamW', () => {
    const values = Float32Array.of(1, 1);
    const state = plainOptimizer(2);
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
});
