import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankByPairs } from '../ranking/schedules/all-pairs.ts';
import { heapsort } from '../ranking/schedules/heapsort.ts';
import { slidingWindow } from '../ranking/schedules/sliding-window.ts';
import { DecidedPairs, type PairDecision } from './decided-pairs.ts';
import { packDecisions } from './judge-report.ts';
import { stepThrough } from './steps.ts';
import { anyJudge, contradictoryJudge, decision, judge } from './testing/judges.ts';
import { type WhatIfRequest, whatIf } from './what-if.ts';

const decisionsOf = (pairs: DecidedPairs): PairDecision[] =>
  [...pairs.asked()].map(([a, b]) => decision(a, b, pairs.margin(a, b)));

function request(pairs: DecidedPairs, more: Partial<WhatIfRequest> = {}): WhatIfRequest {
  const decisions = decisionsOf(pairs);
  return {
    decisions: packDecisions(pairs.size, decisions),
    ms: Float64Array.from(decisions, () => 4),
    names: Array.from({ length: pairs.size }, (_, i) => `p${i}`),
    grades: [],
    gain: 'linear',
    choices: { passes: 2, top: 2 },
    ...more,
  };
}

describe('ask once, then change your mind', () => {
  it('every rule and schedule gives all candidates, within the calls that there are', () => {
    fc.assert(
      fc.property(anyJudge(), (pairs) => {
        const { size: n } = pairs;
        const { rules, courses, tiers } = whatIf(request(pairs));
        for (const { order, calls, missing, id } of rules) {
          expect(
            order.toSorted((a, b) => a - b),
            id,
          ).toEqual(Array.from({ length: n }, (_, i) => i));
          expect(calls).toBeLessThanOrEqual(n * (n - 1));
          expect(missing, id).toBe(0);
        }
        const of = (id: string) => rules.find((rule) => rule.id === id)!;
        expect(of('bradleyTerry').order).toEqual(rankByPairs(pairs.table).order);
        expect(of('singleDirection').calls).toBe((n * (n - 1)) / 2);
        expect(of('topk').order.slice(0, 2)).toEqual(of('expectedWins').order.slice(0, 2));
        expect(tiers.flat()).toHaveLength(n);
        for (const { complete, points } of courses) {
          expect(complete).toBe(true);
          expect(points.at(-1)!.seconds).toBeCloseTo(points.at(-1)!.calls * 0.004, 9);
        }
      }),
    );
  });

  it('measures orders by grades where there are any, by τ to all decisions always', () => {
    const pairs = judge(5, (a, b) => b - a);
    const plain = whatIf(request(pairs));
    expect(plain.rules.map(({ ndcg }) => ndcg)).toEqual(plain.rules.map(() => undefined));
    expect(plain.rules[0]!.tau).toBe(1);
    const graded = whatIf(request(pairs, { grades: [['p4', 3]] }));
    // The judge has the only good passage last: 1/log2(6).
    expect(graded.rules[0]!.ndcg).toBeCloseTo(1 / Math.log2(6), 9);
  });

  it('says what partial tables lack', () => {
    const some = new DecidedPairs(3, [decision(0, 1, 1), decision(1, 0, -1), decision(1, 2, 1)]);
    const { rules, courses } = whatIf(request(some));
    const of = (id: string) => rules.find((rule) => rule.id === id)!;
    expect(of('copeland').missing).toBe(3);
    expect(of('singleDirection')).toMatchObject({ calls: 2, missing: 1 });
    expect(of('heapsort').missing).toBe(1);
    expect(courses.every(({ complete }) => !complete)).toBe(true);
  });

  it('takes a hundred candidates', () => {
    const pairs = contradictoryJudge(100, 0.3, 1);
    const { rules } = whatIf(request(pairs, { choices: { passes: 10, top: 10 } }));
    expect(rules.find(({ id }) => id === 'topk')!.calls).toBeLessThan(0.5 * 9900);
  });
});

describe('step by step', () => {
  it('ends with the order of the schedule, and shows the tree that a comparison stands in', () => {
    fc.assert(
      fc.property(anyJudge(), (pairs) => {
        const heap = stepThrough(pairs, (n, table) => heapsort(n, table));
        expect(heap.complete).toBe(true);
        const end = heap.end!;
        if (end.kind !== 'heap') throw new Error('no heap');
        const { points } = {
          points: whatIf(request(pairs)).courses.find(({ id }) => id === 'heapsort')!.points,
        };
        expect([...end.sorted, ...end.heap]).toEqual(points.at(-1)!.order);
        for (const { view, pairs: compared } of heap.steps) {
          if (view.kind !== 'heap') throw new Error('no heap');
          for (const { one, other, winner } of compared) {
            expect(view.heap).toEqual(expect.arrayContaining([one, other]));
            expect([one, other]).toContain(winner);
          }
        }
        const window = stepThrough(pairs, (n, table) => slidingWindow(n, table, 2));
        for (const { view, pairs: compared } of window.steps) {
          if (view.kind !== 'window') throw new Error('no window');
          for (const { one, other } of compared) {
            expect(Math.abs(view.list.indexOf(one) - view.list.indexOf(other))).toBe(1);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('stops at a pair that was never asked', () => {
    const some = new DecidedPairs(3, [decision(0, 1, 1), decision(1, 0, -1)]);
    expect(stepThrough(some, (n, table) => heapsort(n, table))).toMatchObject({ complete: false });
  });
});
