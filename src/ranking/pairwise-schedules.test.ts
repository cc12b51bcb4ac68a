/** Which pairs each schedule asks about, and in which calls. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairTable } from './pair-table.ts';
import { allPairsOrder, rankByPairs } from './schedules/all-pairs.ts';
import { slidingWindow } from './schedules/sliding-window.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, seededRandom } from './testing/fake-scorer.ts';
import { byNumber, method } from './testing/judges.ts';

const seed = fc.integer({ min: 0, max: 0xffffffff });

describe('calls', () => {
  it('heapsort and sliding window ask both orders of a pair in one call', async () => {
    for (const [id, pairs] of [
      ['prp-heapsort', 1],
      ['prp-sliding', 3],
    ] as const) {
      const scorer = byNumber();
      await collect(method(id, { passes: 3 }), candidatesOf(['1', '5', '2', '4', '3', '6', '0']), scorer);
      const sizes = scorer.calls.map((call) => call.prompts);
      expect(
        sizes.every((size) => size % 2 === 0),
        id,
      ).toBe(true);
      expect(Math.max(...sizes), id).toBeLessThanOrEqual(2 * pairs);
    }
  });

  it('all-pairs asks everything in one call', async () => {
    const scorer = byNumber(seededRandom(1));
    await collect(method('prp-allpair'), candidatesOf(['1', '5', '2']), scorer);
    expect(scorer.calls.map((call) => call.prompts)).toEqual([6]);
  });
});

describe('sliding window', () => {
  it('overlapping passes give what one pass after the other gives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 14 }),
        seed,
        (size, passes, s) => {
          const random = seededRandom(s);
          const table = new PairTable(size);
          for (let a = 0; a < size; a++) {
            for (let b = 0; b < size; b++) if (a !== b) table.set(a, b, random() < 0.5 ? 1 : 0);
          }
          const run = slidingWindow(size, table, passes);
          const compared: string[] = [];
          for (let step = run.steps.next(); !step.done; step = run.steps.next()) {
            compared.push(...step.value.map(String));
          }
          const list = Array.from({ length: size }, (_, i) => i);
          const expected: string[] = [];
          for (let pass = 0; pass < passes; pass++) {
            for (let j = size - 1; j > pass; j--) {
              const [upper, lower] = [list[j - 1]!, list[j]!];
              expected.push(String([lower, upper]), String([upper, lower]));
              if (table.beats(lower, upper)) [list[j - 1], list[j]] = [lower, upper];
            }
          }
          expect(run.ranking().order).toEqual(list);
          expect(compared.toSorted()).toEqual(expected.toSorted());
        },
      ),
    );
  });
});

describe('all-pairs order', () => {
  it('has every ordered pair once, both orders side by side, evenly spread over the candidates', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), (size) => {
        const pairs = allPairsOrder(size);
        expect(new Set(pairs.map(String)).size).toBe(size < 2 ? 0 : size * (size - 1));
        expect(pairs).toHaveLength(size < 2 ? 0 : size * (size - 1));
        const shown = new Array<number>(size).fill(0);
        pairs.forEach(([a, b], i) => {
          expect(a).not.toBe(b);
          if (i % 2 === 1) expect(pairs[i - 1]).toEqual([b, a]);
          shown[a]!++;
          shown[b]!++;
          // A round gives each candidate four places; nobody is ever more than a round ahead.
          expect(Math.max(...shown) - Math.min(...shown)).toBeLessThanOrEqual(4);
        });
      }),
    );
  });

  it('counts a decision not yet made as one half', () => {
    const table = new PairTable(3);
    table.set(2, 0, 1);
    expect(rankByPairs(table)).toEqual({ order: [2, 1, 0], scores: [2.5, 2, 1.5] });
  });
});
