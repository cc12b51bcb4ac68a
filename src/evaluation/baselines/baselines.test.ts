import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BASELINE_IDS,
  byPopularity,
  expectedAccuracy,
  isBaselineId,
  randomOrder,
  rankBaseline,
} from './baselines.ts';

const IDS = ['a', 'b', 'c', 'd'];

describe('the random order', () => {
  it('is a permutation, the same for the same seed and query, and another for others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 12, maxLength: 40 }), fc.nat(), (ids, seed) => {
        const { order } = randomOrder('q1', ids, seed);
        expect(order.toSorted((a, b) => a - b)).toEqual(ids.map((_, i) => i));
        expect(randomOrder('q1', ids, seed).order).toEqual(order);
        expect(randomOrder('q2', ids, seed).order).not.toEqual(order);
        expect(randomOrder('q1', ids, seed + 1).order).not.toEqual(order);
      }),
    );
  });

  it('puts every candidate first equally often', () => {
    const first = new Map<number, number>();
    for (let seed = 0; seed < 4000; seed++) {
      const best = randomOrder('q', IDS, seed).order[0]!;
      first.set(best, (first.get(best) ?? 0) + 1);
    }
    // Expected 1,000 each; a deviation of 150 is more than five standard deviations.
    for (const i of [0, 1, 2, 3]) expect(Math.abs(first.get(i)! - 1000)).toBeLessThan(150);
  });

  it('gets in Acc@1 on average what is expected of it', () => {
    const grades = new Map([
      ['b', 2],
      ['c', 0],
    ]);
    expect(expectedAccuracy(IDS, grades)).toBe(0.25);
    expect(expectedAccuracy([], grades)).toBe(0);
    let right = 0;
    for (let seed = 0; seed < 4000; seed++) if (randomOrder('q', IDS, seed).order[0] === 1) right++;
    expect(Math.abs(right / 4000 - 0.25)).toBeLessThan(0.04);
  });
});

describe('popularity', () => {
  it('puts the most mentioned first; equal ones keep first-stage order', () => {
    const counts = new Map([
      ['c', 7],
      ['a', 1],
      ['d', 1],
    ]);
    expect(byPopularity(IDS, counts)).toEqual({ order: [2, 0, 3, 1], scores: [7, 1, 1, 0] });
    expect(rankBaseline('popularity', 'q', IDS, { counts }).order).toEqual([2, 0, 3, 1]);
  });

  it('says which file it needs', () => {
    expect(() => rankBaseline('popularity', 'q', IDS, {})).toThrow(/popularity\.csv/);
  });
});

it('knows its names', () => {
  expect(BASELINE_IDS).toEqual(['random', 'popularity']);
  expect(isBaselineId('random')).toBe(true);
  expect(isBaselineId('rg')).toBe(false);
});
