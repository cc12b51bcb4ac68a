/** Pairwise ranking over answers that are there already: only what is new is asked. */
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from './cache.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, seededRandom } from './testing/fake-scorer.ts';
import { byNumber, method } from './testing/judges.ts';

describe('the comparison cache', () => {
  it('is shared by the schedules, and says what it answered', async () => {
    const cache = new ComparisonCache();
    const candidates = candidatesOf(['3', '1', '4', '2']);
    const scorer = byNumber();
    const first = await collect(method('prp-allpair', { cache }), candidates, scorer);
    expect(first.totals).toMatchObject({ planned: 12, asked: 12, cached: 0 });
    expect(first.decisions.some((decision) => decision.cached)).toBe(false);

    const again = await collect(method('prp-heapsort', { cache }), candidates, scorer);
    expect(again.totals).toMatchObject({ asked: 0, tokens: 0 });
    expect(again.totals!.cached).toBe(again.decisions.length);
    expect(again.order).toEqual([2, 0, 3, 1]);
    expect(scorer.total).toBe(12);
    // Stored milliseconds and tokens, as measured when they were asked.
    const key = ({ a, b }: { a: number; b: number }) => `${a},${b}`;
    const stored = new Map(first.decisions.map((decision) => [key(decision), decision]));
    for (const decision of again.decisions) {
      expect(decision).toEqual({ ...stored.get(key(decision)), cached: true });
    }
  });

  it('asks only what is new after an edit of one passage', async () => {
    const cache = new ComparisonCache();
    const scorer = byNumber();
    await collect(method('prp-allpair', { cache }), candidatesOf(['3', '1', '4', '2']), scorer);
    const edited = await collect(
      method('prp-allpair', { cache }),
      candidatesOf(['3', '9', '4', '2']),
      scorer,
    );
    expect(edited.totals).toMatchObject({ asked: 6, cached: 6 });
    expect(edited.order).toEqual([1, 2, 0, 3]);
  });

  it('asks identical passages once and decides all their pairs', async () => {
    const scorer = byNumber(seededRandom(5));
    const run = await collect(method('prp-allpair'), candidatesOf(['1', '7', '7', '7']), scorer);
    expect(run.order).toEqual([1, 2, 3, 0]);
    expect(run.decisions).toHaveLength(12);
    // (1,7), (7,1) and (7,7): three different prompts.
    expect(run.totals).toMatchObject({ planned: 12, asked: 3, cached: 9 });
  });
});
