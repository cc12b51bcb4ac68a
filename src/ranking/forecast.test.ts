import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from './cache.ts';
import { forecastCalls } from './forecast.ts';
import type { MethodId } from './methods/registry.ts';
import { PRP, RELEVANCE, STUDENT } from './presets.ts';
import type { RankingJob } from './ranking-job.ts';
import { collect, QUERY } from './testing/collect.ts';
import { candidatesOf, FakeScorer } from './testing/fake-scorer.ts';
import { arbitrary, byNumber, method, SCHEDULES } from './testing/judges.ts';

const job = (id: MethodId, texts: readonly string[], more: Partial<RankingJob> = {}): RankingJob => ({
  method: id,
  template: PRP,
  query: QUERY,
  candidates: candidatesOf(texts),
  ...more,
});
const texts = (n: number) => Array.from({ length: n }, (_, i) => String((i * 13) % n));
const knowing = (cache: ComparisonCache) => (key: string) => cache.get(key);

describe('forecastCalls', () => {
  it('is the plan while nothing is known, and nothing once all is', async () => {
    for (const id of SCHEDULES) {
      const cache = new ComparisonCache();
      const scorer = byNumber();
      const before = forecastCalls(job(id, texts(9)), scorer.info, knowing(cache));
      const run = await collect(method(id, { cache }), candidatesOf(texts(9)), scorer);
      expect(before).toEqual({
        calls: run.planned,
        toAsk: run.planned,
        cached: 0,
        upperBound: id !== 'prp-allpair',
      });
      const after = forecastCalls(job(id, texts(9)), scorer.info, knowing(cache));
      const calls = run.totals!.asked + run.totals!.cached;
      expect(after).toEqual({ calls, toAsk: 0, cached: calls, upperBound: false });
    }
  });

  it('never says less than what is asked, and for all pairs exactly that, whatever is known', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          id: fc.constantFrom(...SCHEDULES),
          n: fc.integer({ min: 2, max: 9 }),
          known: fc.constantFrom(...SCHEDULES),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          passes: fc.integer({ min: 1, max: 10 }),
          judge: fc.nat(),
          same: fc.boolean(),
        }),
        async ({ id, n, known, share, passes, judge, same }) => {
          const list = same ? texts(n).map((text) => (Number(text) % 2 === 0 ? '0' : text)) : texts(n);
          const all = new ComparisonCache();
          await collect(method(known, { cache: all, passes }), candidatesOf(list), arbitrary(judge));
          const answers = all.exportAnswers();
          const cache = new ComparisonCache(answers.slice(0, Math.floor(answers.length * share)));
          const scorer = arbitrary(judge);
          const forecast = forecastCalls(job(id, list, { passes }), scorer.info, knowing(cache));
          const { totals } = await collect(method(id, { cache, passes }), candidatesOf(list), scorer);
          expect(totals!.asked).toBeLessThanOrEqual(forecast.toAsk);
          expect(totals!.asked + totals!.cached).toBeLessThanOrEqual(forecast.calls);
          expect(forecast.toAsk + forecast.cached).toBeLessThanOrEqual(forecast.calls);
          if (!forecast.upperBound) {
            expect(totals).toMatchObject({ asked: forecast.toAsk, cached: forecast.cached });
            expect(totals!.asked + totals!.cached).toBe(forecast.calls);
          }
        },
      ),
    );
  });

  it('counts a heapsort whose answers another schedule has given as known to its end', async () => {
    const cache = new ComparisonCache();
    const scorer = byNumber();
    await collect(method('prp-allpair', { cache }), candidatesOf(texts(12)), scorer);
    const forecast = forecastCalls(job('prp-heapsort', texts(12)), scorer.info, knowing(cache));
    expect(forecast).toMatchObject({ toAsk: 0, upperBound: false });
    expect(forecast.calls).toBeLessThan(132);
  });

  it('asks again for the log-sum-exp where the known answers lack it', async () => {
    const cache = new ComparisonCache();
    const scorer = new FakeScorer({ answer: ({ passage = '' }) => [Number(passage), 0] });
    await collect(method('rg', { cache, template: RELEVANCE }), candidatesOf(texts(4)), scorer);
    const of = (more: Partial<RankingJob>) =>
      forecastCalls(job('rg', texts(4), { template: RELEVANCE, ...more }), scorer.info, knowing(cache));
    expect(of({})).toMatchObject({ toAsk: 0, cached: 4 });
    expect(of({ trueProbabilities: true })).toMatchObject({ toAsk: 4, cached: 0 });
    // Another wording, another model: nothing is known.
    expect(of({ method: 'pointwise-yes', template: STUDENT })).toMatchObject({ toAsk: 4 });
    const other = { ...scorer.info, digest: 'other' };
    const job4 = job('rg', texts(4), { template: RELEVANCE });
    expect(forecastCalls(job4, other, knowing(cache))).toMatchObject({ toAsk: 4 });
  });
});
