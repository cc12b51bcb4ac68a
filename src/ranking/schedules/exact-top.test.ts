import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecidedPairs } from '../../analysis/decided-pairs.ts';
import { anyJudge, contradictoryJudge } from '../../analysis/testing/judges.ts';
import { PairTable } from '../pair-table.ts';
import { nextOpen } from '../pairwise.ts';
import { rankByPairs } from './all-pairs.ts';
import { exactTop } from './exact-top.ts';

/** Runs the schedule on a judge's answers. */
function settle(pairs: DecidedPairs, top: number) {
  const table = new PairTable(pairs.size);
  const schedule = exactTop(pairs.size, table, top);
  let calls = 0;
  for (let open = nextOpen(schedule, table); open.length > 0; open = nextOpen(schedule, table)) {
    for (const [a, b] of open) {
      table.set(a, b, pairs.table.get(a, b)!);
      calls++;
    }
  }
  return { top: schedule.ranking().order.slice(0, top), order: schedule.ranking().order, calls };
}

describe('exact top k', () => {
  it('has the first k of all pairs in their order, whatever the judge says', () => {
    fc.assert(
      fc.property(anyJudge(12), fc.integer({ min: 1, max: 14 }), (pairs, top) => {
        const { order, calls } = settle(pairs, top);
        expect(order.slice(0, top)).toEqual(rankByPairs(pairs.table).order.slice(0, top));
        expect([...order].sort((a, b) => a - b)).toEqual(order.map((_, i) => i));
        expect(calls).toBeLessThanOrEqual(pairs.size * (pairs.size - 1));
      }),
      { numRuns: 400 },
    );
  });

  it('saves calls where a judge contradicts itself on 30 % of the pairs', () => {
    for (const [n, top, limit] of [
      [20, 3, 0.6],
      [50, 5, 0.5],
      [100, 10, 0.5],
    ] as const) {
      let calls = 0;
      const trials = 4;
      for (let seed = 1; seed <= trials; seed++) {
        const pairs = contradictoryJudge(n, 0.3, seed);
        const settled = settle(pairs, top);
        expect(settled.top).toEqual(rankByPairs(pairs.table).order.slice(0, top));
        calls += settled.calls;
      }
      expect(calls / (trials * n * (n - 1))).toBeLessThanOrEqual(limit);
    }
  });
});
