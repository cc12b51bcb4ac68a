import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../random.ts';
import { PairTable, preference } from '../pair-table.ts';
import { nextOpen } from '../pairwise.ts';
import { rankByPairs } from './all-pairs.ts';
import { seedOf } from './seed.ts';
import { sparse, sparseCalls, sparsePairs } from './sparse.ts';

const size = fc.integer({ min: 2, max: 30 });
const calls = fc.integer({ min: 1, max: 1000 });
const seed = fc.integer({ min: 0, max: 0xffffffff });

/** Candidates that are reached from the first one along the pairs. */
function reached(n: number, pairs: readonly (readonly [number, number])[]): number {
  const found = new Set([0]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [a, b] of pairs) {
      if (found.has(a)) found.add(b);
      if (found.has(b)) found.add(a);
    }
  }
  expect(found.size).toBeLessThanOrEqual(n);
  return found.size;
}

/** Kendall’s τ of an order of n to 0 … n − 1. */
function tauToTruth(order: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < order.length; i++)
    for (let j = i + 1; j < order.length; j++) sum += Math.sign(order[j]! - order[i]!);
  return (2 * sum) / (order.length * (order.length - 1));
}

/** What the schedule makes of a judge’s margins. */
function settle(n: number, budget: number, from: number, margin: (a: number, b: number) => number) {
  const table = new PairTable(n);
  const schedule = sparse(n, table, budget, from);
  for (let open = nextOpen(schedule, table); open.length > 0; open = nextOpen(schedule, table)) {
    for (const [a, b] of open) table.set(a, b, preference(margin(a, b), 0));
  }
  return { table, ranking: schedule.ranking() };
}

describe('the sparse graph', () => {
  it('connects all candidates with as many different calls as planned', () => {
    fc.assert(
      fc.property(size, calls, seed, (n, budget, from) => {
        const pairs = sparsePairs(n, budget, from);
        expect(pairs).toHaveLength(sparseCalls(n, budget));
        expect(pairs.every(([a, b]) => a !== b && a >= 0 && a < n && b >= 0 && b < n)).toBe(true);
        expect(new Set(pairs.map(String)).size).toBe(pairs.length);
        expect(reached(n, pairs)).toBe(n);
      }),
    );
  });

  it('asks no pair twice before all were asked once, and is fair to all', () => {
    fc.assert(
      fc.property(size, calls, seed, (n, budget, from) => {
        const pairs = sparsePairs(n, budget, from);
        const unordered = new Set(pairs.map(([a, b]) => String([Math.min(a, b), Math.max(a, b)])));
        expect(unordered.size).toBe(Math.min(pairs.length, (n * (n - 1)) / 2));
        const first = new Array<number>(n).fill(0);
        const second = new Array<number>(n).fill(0);
        for (const [a, b] of pairs) {
          first[a]!++;
          second[b]!++;
        }
        // A round that is cut, and the half round opposite, bring one more to some.
        for (const counts of [first, second]) {
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it('is the same for a seed and another one for another', () => {
    expect(sparsePairs(20, 56, 1)).toEqual(sparsePairs(20, 56, 1));
    expect(sparsePairs(20, 56, 1)).not.toEqual(sparsePairs(20, 56, 2));
    expect(seedOf('how hot should tea be')).not.toBe(seedOf('how hot should tea be?'));
    expect(sparsePairs(0, 56, 1)).toEqual([]);
    expect(sparsePairs(1, 56, 1)).toEqual([]);
  });
});

describe('sparse comparisons', () => {
  it('with the calls of all pairs order any judge’s answers as the wins do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), seed, (n, from) => {
        const random = seededRandom(from);
        const margins = Array.from({ length: n * n }, () => Math.floor(random() * 5) - 2);
        const { table, ranking } = settle(n, n * n, from, (a, b) => margins[a * n + b]!);
        expect(ranking.order).toEqual(rankByPairs(table).order);
      }),
    );
  });

  it('approach a perfect judge’s order with more calls, wherever the first stage had the passages', () => {
    const n = 20;
    const mean = (budget: number) => {
      let sum = 0;
      for (let s = 0; s < 60; s++) {
        const worth = Array.from({ length: n }, (_, i) => i);
        const random = seededRandom(1000 + s);
        for (let i = n - 1; i > 0; i--) {
          const j = Math.floor(random() * (i + 1));
          [worth[i], worth[j]] = [worth[j]!, worth[i]!];
        }
        const { ranking } = settle(n, budget, s, (a, b) => worth[b]! - worth[a]!);
        sum += tauToTruth(ranking.order.map((i) => worth[i]!));
      }
      return sum / 60;
    };
    const taus = [20, 56, 120, 380].map(mean);
    expect(taus[0]).toBeGreaterThan(0.3);
    expect(taus[1]).toBeGreaterThan(0.6);
    expect(taus[2]).toBeGreaterThan(0.8);
    expect(taus[3]).toBe(1);
    expect(taus).toEqual(taus.toSorted((a, b) => a - b));
  });

  it('take a judge’s leaning to passage A out of the order', () => {
    let [leaning, straight] = [0, 0];
    for (let s = 0; s < 40; s++) {
      leaning += tauToTruth(settle(20, 120, s, (a, b) => b - a + 2).ranking.order);
      straight += tauToTruth(settle(20, 120, s, (a, b) => b - a).ranking.order);
    }
    expect(leaning / 40).toBeGreaterThan(0.7);
    expect(Math.abs(leaning - straight) / 40).toBeLessThan(0.12);
  });

  it('leave the first stage’s order where nothing was asked', () => {
    expect(sparse(4, new PairTable(4), 12, 1).ranking()).toEqual({
      order: [0, 1, 2, 3],
      scores: [0, 0, 0, 0],
    });
  });
});
