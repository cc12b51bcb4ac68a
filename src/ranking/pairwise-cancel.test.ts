/** A pairwise ranking that is stopped: what was asked is kept, and nothing is asked twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from './cache.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, comparing, FakeScorer, seededRandom } from './testing/fake-scorer.ts';
import { arbitrary, byNumber, isPermutation, method, SCHEDULES } from './testing/judges.ts';

const schedule = fc.constantFrom(...SCHEDULES);
const seed = fc.integer({ min: 0, max: 0xffffffff });

describe('cancel', () => {
  it('leaves a valid partial state that a second run completes without asking anything twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        schedule,
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 0, max: 30 }),
        seed,
        async (id, size, batchesBefore, s) => {
          const candidates = candidatesOf(Array.from({ length: size }, (_, i) => `t${i}`));
          const whole = await collect(method(id, { passes: 3 }), candidates, arbitrary(s));
          const cache = new ComparisonCache();
          const controller = new AbortController();
          let batches = 0;
          const scorer = arbitrary(s, seededRandom(s), () => {
            if (++batches > batchesBefore) controller.abort();
          });
          const first = await collect(
            method(id, { passes: 3, cache }),
            candidates,
            scorer,
            controller.signal as AbortSignal,
          );
          if (first.error) expect(first.error).toMatchObject({ code: 'cancelled' });
          else expect(first.totals).toBeDefined();
          for (const order of first.orders) expect(isPermutation(order, size)).toBe(true);
          // Everything that was asked is both reported and kept.
          expect(first.decisions).toHaveLength(scorer.total);
          expect(cache.size).toBe(scorer.total);

          const second = await collect(method(id, { passes: 3, cache }), candidates, scorer);
          expect(second.order).toEqual(whole.order);
          expect(second.scores).toEqual(whole.scores);
          expect(Math.max(...scorer.asked.values())).toBe(1);
          expect(second.totals!.asked + second.totals!.cached).toBe(whole.totals!.asked);
          expect(second.decisions.filter((decision) => decision.cached)).toHaveLength(second.totals!.cached);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('throws before anything is asked when the signal is aborted already', async () => {
    const controller = new AbortController();
    controller.abort();
    const scorer = byNumber();
    const run = await collect(method('prp-allpair'), candidatesOf(['1', '2']), scorer, controller.signal);
    expect(run.error).toMatchObject({ code: 'cancelled' });
    expect(run.events).toEqual([]);
    expect(scorer.calls).toEqual([]);
  });

  it("turns a scorer's AbortError into our own", async () => {
    const scorer = new FakeScorer({
      answer: comparing(() => 1),
      onBatch: () => {
        throw new DOMException('stop', 'AbortError');
      },
    });
    const run = await collect(method('prp-allpair'), candidatesOf(['1', '2']), scorer);
    expect(run.error).toMatchObject({ name: 'RankscopeError', code: 'cancelled' });
  });
});
