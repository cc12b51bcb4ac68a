/** Axes: round ticks, all values inside, as many ticks as fit and no drift. */
import { describe, expect, it } from 'vitest';
import { axisAround, axisWithin } from './ticks.ts';

describe('axisAround', () => {
  it('ends at round numbers around the values', () => {
    expect(axisAround([0.2138, 0.6531], 5)).toEqual({
      low: 0.2,
      high: 0.7,
      ticks: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
      decimals: 1,
    });
    expect(axisAround([0.512, 0.531], 4).decimals).toBe(3);
  });

  it('passes through zero without drift, and takes negative values', () => {
    expect(axisAround([-0.2, 0.4], 6).ticks).toEqual([-0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4]);
  });

  it('gives a single value room', () => {
    for (const value of [0, 0.5, -3, 12_000]) {
      const { low, high, ticks } = axisAround([value, value], 4);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(ticks.length).toBeLessThanOrEqual(6);
    }
  });

  it('holds any two values with few ticks', () => {
    for (let i = 0; i < 200; i++) {
      const pair = [Math.sin(i) * 10 ** (i % 7), Math.cos(3 * i) * 10 ** (i % 5)];
      const { low, high, ticks } = axisAround(pair, 4);
      expect(low).toBeLessThanOrEqual(Math.min(...pair));
      expect(high).toBeGreaterThanOrEqual(Math.max(...pair));
      expect(ticks.length).toBeLessThanOrEqual(7);
    }
  });
});

describe('axisWithin', () => {
  it('keeps the ends of the values, with whole ticks between', () => {
    expect(axisWithin([50, 1900], 4)).toEqual({ low: 50, high: 1900, ticks: [500, 1000, 1500], decimals: 0 });
    expect(axisWithin([0, 3], 8).ticks).toEqual([0, 1, 2, 3]);
    expect(axisWithin([7, 7], 4).ticks).toEqual([7]);
  });
});
