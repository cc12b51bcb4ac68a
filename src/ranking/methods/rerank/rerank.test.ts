import { describe, expect, it } from 'vitest';
import type { RankerModel } from '../../../inference/ranker-model.ts';
import { ComparisonCache } from '../../cache.ts';
import { createMethod } from '../../create-method.ts';
import { RANK_GPT } from '../../presets.ts';
import { collect } from '../../testing/collect.ts';
import { candidatesOf, FakeScorer } from '../../testing/fake-scorer.ts';
import { rerank } from './method.ts';

const { info } = new FakeScorer({ answer: () => [] });
const candidates = candidatesOf(['pear', 'an apple', 'no apple but plums']);

/** Longer passages first, with or without scores. */
function service(withScores = true) {
  const asked: (readonly string[])[] = [];
  const model: RankerModel = {
    info,
    rerank(_, passages) {
      asked.push(passages);
      const order = passages.map((_, i) => i).sort((a, b) => passages[b]!.length - passages[a]!.length);
      const scores = withScores ? order.map((i) => passages[i]!.length / 100) : undefined;
      return Promise.resolve({ order, scores, tokens: 7, ms: 3 });
    },
  };
  return { model, asked };
}

describe('rerank', () => {
  it('ranks by the service’s scores in one request, and keeps its answer', async () => {
    const cache = new ComparisonCache();
    const method = createMethod('rerank', { template: rerank.template, cache });
    const { model, asked } = service();
    const { listed, order, scores } = await collect(method, candidates, model);
    expect(listed).toMatchObject([
      { shown: [0, 1, 2], order: [2, 1, 0], malformed: false, tokens: 7, ms: 3, cached: false },
    ]);
    expect([order, scores]).toEqual([
      [2, 1, 0],
      [0.18, 0.08, 0.04],
    ]);
    expect(asked).toEqual([['pear', 'an apple', 'no apple but plums']]);
    // What is known is asked no second time, also from a copy.
    const again = createMethod('rerank', {
      template: rerank.template,
      cache: new ComparisonCache(cache.exportAnswers()),
    });
    expect((await collect(again, candidates, model)).totals).toMatchObject({ asked: 0, cached: 1 });
    expect(asked).toHaveLength(1);
  });

  it('gives places where the service has no scores', async () => {
    const method = createMethod('rerank', { template: rerank.template });
    const { order, scores } = await collect(method, candidates, service(false).model);
    expect([order, scores]).toEqual([
      [2, 1, 0],
      [1, 1 / 2, 1 / 3],
    ]);
  });

  it('asks nothing about one passage, and takes no wording', async () => {
    const { model, asked } = service();
    const method = createMethod('rerank', { template: rerank.template });
    expect((await collect(method, candidates.slice(0, 1), model)).order).toEqual([0]);
    expect(asked).toEqual([]);
    const worded = createMethod('rerank', { template: RANK_GPT });
    expect(String((await collect(worded, candidates, model)).error)).toMatch(/it takes no wording/);
  });

  it('is refused by a model that is no service', async () => {
    const method = createMethod('rerank', { template: rerank.template });
    const scorer = new FakeScorer({ answer: () => [1, 0] });
    const { error } = await collect(method, candidates, scorer);
    expect(String(error)).toMatch(/rerank needs a ranking by a service/);
  });
});
