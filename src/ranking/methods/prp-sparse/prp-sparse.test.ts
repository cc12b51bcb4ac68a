import { describe, expect, it } from 'vitest';
import { ComparisonCache } from '../../cache.ts';
import { forecastCalls } from '../../forecast.ts';
import { PRP } from '../../presets.ts';
import { collect } from '../../testing/collect.ts';
import { candidatesOf } from '../../testing/fake-scorer.ts';
import { byNumber, method } from '../../testing/judges.ts';

const texts = Array.from({ length: 20 }, (_, i) => String((7 * i) % 20));
const candidates = candidatesOf(texts);

describe('prp-sparse', () => {
  it('asks its budget and finds an order near a perfect judge’s', async () => {
    const run = await collect(method('prp-sparse', { budget: 120 }), candidates, byNumber());
    expect([run.planned, run.decisions.length]).toEqual([120, 120]);
    const found = run.order.map((i) => Number(texts[i]));
    // Far better than chance: the best five of twenty are in its first half.
    expect(found.slice(0, 10)).toEqual(expect.arrayContaining([19, 18, 17, 16, 15]));
  });

  it('asks the same pairs again, and other ones for another query', async () => {
    const pairsOf = async (text: string, cache = new ComparisonCache()) => {
      const { rank } = method('prp-sparse', { budget: 40, cache });
      const pairs: string[] = [];
      for await (const event of rank({ id: 'q', text }, candidates, byNumber())) {
        if (event.type === 'decided') for (const { a, b } of event.items) pairs.push(`${a} ${b}`);
      }
      return pairs.toSorted();
    };
    expect(await pairsOf('tea')).toEqual(await pairsOf('tea'));
    expect(await pairsOf('tea')).not.toEqual(await pairsOf('coffee'));
  });

  it('is forecast to the call', async () => {
    const cache = new ComparisonCache();
    const query = { id: 'q', text: 'tea' };
    const scorer = byNumber();
    for await (const _ of method('prp-sparse', { budget: 40, cache }).rank(query, candidates, scorer));
    const job = { method: 'prp-sparse', template: PRP, query, candidates } as const;
    const known = (key: string) => cache.get(key);
    expect(forecastCalls({ ...job, budget: 40 }, scorer.info, known)).toMatchObject({ calls: 40, toAsk: 0 });
    // A larger graph of the same query begins with the smaller one.
    expect(forecastCalls({ ...job, budget: 60 }, scorer.info, known)).toMatchObject({ calls: 60, toAsk: 20 });
  });
});
