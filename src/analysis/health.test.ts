import { describe, expect, it } from 'vitest';
import { healthOf } from './health.ts';
import { judge } from './testing/judges.ts';

describe('the health of a judge', () => {
  it('counts equal and saturated calls, and has their cells', () => {
    const pairs = judge(3, (a, b) => (a === 0 && b === 1 ? 0.0005 : a === 1 && b === 2 ? -7 : 1));
    const health = healthOf(pairs, [0, 1, 2]);
    expect(health.equal).toEqual([[0, 1]]);
    expect(health.saturated).toEqual([[1, 2]]);
    expect(health.margins).toEqual({ least: -7, greatest: 1 });
    expect(health.wonBySecond).toEqual([[1, 2]]);
    expect(health.wonByFirst).toHaveLength(5);
    expect(health.moved).toBe(0);
    expect(health.tauWithInput).toBeCloseTo(1, 12);
  });

  it('says how far the order is from the input’s', () => {
    const pairs = judge(4, (a, b) => b - a);
    const far = healthOf(pairs, [3, 2, 1, 0]);
    expect(far.moved).toBe(4);
    expect(far.tauWithInput).toBeCloseTo(-1, 12);
    const near = healthOf(pairs, [1, 0, 2, 3]);
    expect(near.moved).toBe(2);
    expect(near.tauWithInput).toBeCloseTo(4 / 6, 12);
  });
});
