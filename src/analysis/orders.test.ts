import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ndcg } from '../evaluation/metrics.ts';
import { bradleyTerry } from '../ranking/bradley-terry.ts';
import { allPairs, rankByPairs } from '../ranking/schedules/all-pairs.ts';
import { heapsort } from '../ranking/schedules/heapsort.ts';
import { replaySchedule, withinBudget } from './budget.ts';
import { calibrationOf, pairForecasts } from './calibration.ts';
import { DecidedPairs } from './decided-pairs.ts';
import { jaccardAt, rbo, rboFloor } from './order-similarity.ts';
import {
  copeland,
  expectedWins,
  randomDirection,
  singleDirection,
  softBorda,
} from './orders-from-decisions.ts';
import { anyJudge, contradictoryJudge, decision, judge } from './testing/judges.ts';

describe('orders from one set of decisions', () => {
  it('agree on a judge with an order', () => {
    const pairs = judge(7, (a, b) => b - a);
    const want = [0, 1, 2, 3, 4, 5, 6];
    for (const rank of [copeland, expectedWins, softBorda, singleDirection, randomDirection]) {
      expect(rank(pairs).order).toEqual(want);
    }
    expect(bradleyTerry(pairs.table).order).toEqual(want);
  });

  it('Bradley–Terry orders a complete table as the wins do', () => {
    fc.assert(
      fc.property(anyJudge(), fc.boolean(), (pairs, withOrderEffect) => {
        expect(bradleyTerry(pairs.table, withOrderEffect).order).toEqual(rankByPairs(pairs.table).order);
      }),
    );
  });

  it('Bradley–Terry finds an order effect, and strengths stay finite where somebody wins every time', () => {
    const biased = bradleyTerry(judge(6, (a, b) => b - a + 2.5).table);
    expect(biased.orderEffect).toBeGreaterThan(0.5);
    expect(bradleyTerry(judge(6, (a, b) => b - a).table).orderEffect).toBeCloseTo(0, 9);
    for (const value of [...biased.strengths, ...biased.reach]) expect(Number.isFinite(value)).toBe(true);
    // Who was never compared has no strength but the prior's, and the widest interval.
    const partial = bradleyTerry(new DecidedPairs(4, [decision(0, 1, 1), decision(1, 2, 1)]).table);
    expect(partial.order.slice(0, 1)).toEqual([0]);
    expect(Math.max(...partial.reach)).toBe(partial.reach[3]);
  });
});

describe('a budget of calls', () => {
  it('ends where the schedule ends, with its order, and never asks twice', () => {
    fc.assert(
      fc.property(anyJudge(), fc.integer({ min: 1, max: 20 }), (pairs, batch) => {
        for (const begin of [allPairs, heapsort]) {
          const { points, complete } = replaySchedule(pairs, begin, { batch, msOf: () => 2 });
          expect(complete).toBe(true);
          const last = points.at(-1)!;
          expect(last.calls).toBeLessThanOrEqual(pairs.size * (pairs.size - 1));
          expect(last.seconds).toBeCloseTo(last.calls * 0.002, 9);
          expect(last.batches).toBeGreaterThanOrEqual(Math.ceil(last.calls / batch));
          if (begin === allPairs) expect(last.order).toEqual(rankByPairs(pairs.table).order);
        }
      }),
    );
  });

  it('buys a better order for more calls from a judge that is right', () => {
    const pairs = judge(10, (a, b) => a - b);
    const grades = new Map(Array.from({ length: 10 }, (_, i) => [String(i), i]));
    const { points } = replaySchedule(pairs, allPairs);
    const quality = (calls: number) =>
      ndcg(withinBudget(points, calls)!.order.map(String), grades, { k: 10 });
    expect(quality(0)).toBeLessThan(quality(40));
    expect(quality(90)).toBe(1);
  });

  it('stops where a decision is missing', () => {
    const { points, complete } = replaySchedule(new DecidedPairs(3, [decision(0, 1, 1)]), allPairs, {
      batch: 1,
    });
    expect(complete).toBe(false);
    expect(points.at(-1)!.calls).toBeLessThanOrEqual(1);
  });
});

describe('calibration', () => {
  it('is perfect for forecasts that come true as often as they say', () => {
    const forecasts = Array.from({ length: 1000 }, (_, i) => ({
      p: 0.75,
      came: (i % 4 === 0 ? 0 : 1) as 0 | 1,
    }));
    const { ece, brier, bins } = calibrationOf(forecasts);
    expect(ece).toBeCloseTo(0, 12);
    expect(brier).toBeCloseTo(0.1875, 12);
    expect(bins[7]).toMatchObject({ count: 1000, said: 0.75, came: 0.75 });
  });

  it('counts a certain mistake as one', () => {
    expect(calibrationOf([{ p: 1, came: 0 }])).toMatchObject({ ece: 1, brier: 1, count: 1 });
    expect(calibrationOf([]).ece).toBeNaN();
  });

  it('leaves out equal and missing grades, and says how many', () => {
    const { calls, averaged, leftOut } = pairForecasts(
      judge(4, (a, b) => b - a),
      [2, 1, 1, undefined],
    );
    expect(calls).toHaveLength(4);
    expect(averaged).toHaveLength(2);
    expect(leftOut).toBe(8);
    expect(averaged[0]!.came).toBe(1);
    expect(averaged[0]!.p).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  });
});

describe('rank-biased overlap and Jaccard', () => {
  it('is 1 for the same order, its floor for the reverse, and weighs the top', () => {
    const order = [...'abcdefghij'];
    expect(rbo(order, order)).toBeCloseTo(1, 12);
    expect(rbo(order, order.toReversed())).toBeCloseTo(rboFloor(10)!, 12);
    expect(rbo(order, [...'bacdefghij'])!).toBeLessThan(rbo(order, [...'abcdefghji'])!);
    // By hand, p = .9, lists of two: X = 0, 2; 2/2·.81 + (.1/.9)(0·.9 + 1·.81) = .9.
    expect(rbo(['a', 'b'], ['b', 'a'])).toBeCloseTo(0.9, 12);
    expect(jaccardAt(order, order.toReversed(), 5)).toBe(0);
    expect(jaccardAt(order, [...'abcfedghij'], 4)).toBeCloseTo(3 / 5, 12);
  });

  it('is symmetric and between its floor and 1', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...'abcdefgh'], { minLength: 8 }), (other) => {
        const order = [...'abcdefgh'];
        const value = rbo(order, other)!;
        expect(value).toBeCloseTo(rbo(other, order)!, 12);
        expect(value).toBeGreaterThanOrEqual(rboFloor(8)! - 1e-12);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

it('fits a hundred candidates', () => {
  const pairs = contradictoryJudge(100, 0.3, 9);
  expect(bradleyTerry(pairs.table).order).toHaveLength(100);
});
