/** What a pairwise ranking reports on the way, whatever the judge says: plans kept, a ranking always whole. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from './cache.ts';
import { plannedCalls } from './planned-calls.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, comparing, FakeScorer, seededRandom } from './testing/fake-scorer.ts';
import { arbitrary, byNumber, isPermutation, method, SCHEDULES } from './testing/judges.ts';

const schedule = fc.constantFrom(...SCHEDULES);
const seed = fc.integer({ min: 0, max: 0xffffffff });

describe('with any comparer', () => {
  it('ends with a permutation within the planned calls, and every ranking on the way is one', async () => {
    await fc.assert(
      fc.asyncProperty(
        schedule,
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 1, max: 20 }),
        seed,
        async (id, size, passes, s) => {
          const candidates = candidatesOf(Array.from({ length: size }, (_, i) => `t${i}`));
          const scorer = arbitrary(s, seededRandom(s));
          const run = await collect(method(id, { passes }), candidates, scorer);
          expect(run.error).toBeUndefined();
          expect(run.events[0]).toMatchObject({ type: 'planned', ...plannedCalls(id, size, { passes }) });
          expect(run.events.at(-1)!.type).toBe('done');
          for (const order of run.orders) expect(isPermutation(order, size)).toBe(true);
          expect(run.orders.length).toBeGreaterThan(0);
          expect(run.totals!.asked).toBe(scorer.total);
          expect(run.totals!.asked).toBeLessThanOrEqual(run.planned);
          if (id === 'prp-allpair') expect(run.totals!.asked).toBe(run.planned);
          expect(Math.max(0, ...scorer.asked.values())).toBeLessThanOrEqual(1);
          expect(run.decisions).toHaveLength(run.totals!.asked + run.totals!.cached);
        },
      ),
    );
  });

  it('follows every batch of decisions with a ranking', async () => {
    const run = await collect(
      method('prp-heapsort'),
      candidatesOf(['4', '1', '3', '2']),
      byNumber(seededRandom(3)),
    );
    run.events.forEach((event, i) => {
      if (event.type === 'decided') expect(run.events[i + 1]!.type).toBe('ranking');
    });
  });
});

describe('decisions', () => {
  it('carry logits, tokens, the share of the batch time and merged cuts', async () => {
    const long = Array.from({ length: 120 }, () => 'word').join(' ');
    const scorer = new FakeScorer({ answer: comparing((a, b) => a.length - b.length), keepUnits: 40 });
    const { decisions } = await collect(method('prp-allpair'), candidatesOf(['short', long]), scorer);
    const [first, second] = decisions;
    expect(first).toMatchObject({
      a: 0,
      b: 1,
      logitA: 5 - 499,
      logitB: 499 - 5,
      preference: 0,
      ms: 2,
      cached: false,
    });
    expect(first!.cuts).toEqual([{ slot: 'passage_b', kept: 40, total: long.length }]);
    expect(second!.cuts).toEqual([{ slot: 'passage_a', kept: 40, total: long.length }]);
    expect(first!.tokens).toBeGreaterThan(500);
  });

  it('keep their cuts in the cache', async () => {
    const cache = new ComparisonCache();
    const scorer = new FakeScorer({ answer: comparing(() => 1), keepUnits: 3 });
    const candidates = candidatesOf(['short', 'shorter']);
    const first = await collect(method('prp-allpair', { cache }), candidates, scorer);
    const second = await collect(method('prp-allpair', { cache }), candidates, scorer);
    expect(second.decisions.map(({ cuts }) => cuts)).toEqual(first.decisions.map(({ cuts }) => cuts));
    expect(first.decisions[0]!.cuts).toHaveLength(2);
  });
});
