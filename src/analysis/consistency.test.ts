import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyOf,
  disagreements,
  flippedPairs,
  flipsByDistance,
  flipsByGap,
  narrowCalls,
} from './consistency.ts';
import { DecidedPairs } from './decided-pairs.ts';
import { anyJudge, contradictoryJudge, judge } from './testing/judges.ts';
import { shareOf } from './wilson.ts';

describe('consistency of a judge', () => {
  it('tells a fair judge from one that answers by place', () => {
    const fair = consistencyOf(judge(5, (a, b) => b - a));
    expect(fair.consistency.share).toBe(1);
    expect(fair.first.share).toBe(0.5);
    expect(fair.fairness).toBe(0);
    expect(fair.antisymmetryGap).toBeCloseTo(0, 12);
    const first = consistencyOf(judge(5, () => 1));
    expect(first).toMatchObject({ fairness: -1, primacy: 10, recency: 0 });
    expect(first.consistency.share).toBe(0);
    expect(first.first.share).toBe(1);
    expect(consistencyOf(judge(5, () => -1)).fairness).toBe(1);
    expect(consistencyOf(judge(5, () => 0)).consistency.share).toBe(1);
  });

  it('counts each pair once: consistent, primacy or recency; fairness as the paper defines it', () => {
    fc.assert(
      fc.property(anyJudge(), (pairs) => {
        const { consistency, primacy, recency, fairness } = consistencyOf(pairs);
        const n = consistency.of;
        expect(consistency.hits + primacy + recency).toBe(n);
        expect(flippedPairs(pairs)).toHaveLength(primacy + recency);
        if (primacy + recency === 0 || n === 0) return;
        const raw = (recency * recency - primacy * primacy) / (primacy + recency);
        expect(fairness).toBeCloseTo(((raw + n) / (2 * n)) * 2 - 1, 12);
      }),
    );
  });

  it('counts only what was asked', () => {
    const empty = consistencyOf(new DecidedPairs(4, []));
    expect(empty.consistency.of).toBe(0);
    expect(empty.fairness).toBeNaN();
  });

  it('puts every pair into one bin by distance and by gap, near ones first', () => {
    const pairs = contradictoryJudge(12, 0.3, 4);
    for (const bins of [
      flipsByDistance(pairs, [...Array(12).keys()]),
      flipsByGap(pairs, [...Array(12).keys()]),
    ]) {
      expect(bins.reduce((sum, { flips }) => sum + flips.of, 0)).toBe(66);
      expect(bins.reduce((sum, { flips }) => sum + flips.hits, 0)).toBe(flippedPairs(pairs).length);
      for (let i = 1; i < bins.length; i++) expect(bins[i]!.from).toBeGreaterThan(bins[i - 1]!.to);
    }
  });

  it('finds narrow calls, and pairs where another order disagrees', () => {
    const pairs = judge(4, (a, b) => (b - a) / 2);
    expect(narrowCalls(pairs, 0.6)).toHaveLength(6);
    expect(disagreements(pairs, [0, 1, 2, 3])).toEqual([]);
    expect(disagreements(pairs, [1, 0, 2, 3])).toEqual([[0, 1]]);
  });
});

describe('Wilson interval', () => {
  it('is that of the literature, and stays inside 0 to 1', () => {
    // 9 of 10: .5958 to .9821 (Newcombe 1998's method 3 gives the same digits).
    const { low, high } = shareOf(9, 10);
    expect(low).toBeCloseTo(0.5958, 3);
    expect(high).toBeCloseTo(0.9821, 3);
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), (hits, more) => {
        const { low, high, share, of } = shareOf(hits, hits + more);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        if (of > 0) expect(low - 1e-12 <= share && share <= high + 1e-12).toBe(true);
      }),
    );
  });
});
