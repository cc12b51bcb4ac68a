import { describe, expect, it } from 'vitest';
import type { LikelihoodBatch, LikelihoodPrompt, RankerModel } from '../../../inference/ranker-model.ts';
import { ComparisonCache } from '../../cache.ts';
import { createMethod } from '../../create-method.ts';
import { promptText } from '../../render.ts';
import { collect, QUERY } from '../../testing/collect.ts';
import { candidatesOf, FakeScorer } from '../../testing/fake-scorer.ts';
import { queryLikelihood } from './method.ts';

/** Log-probabilities that a passage states itself, one for each token of the query. */
class StatedLikelihoods implements RankerModel {
  readonly info = new FakeScorer({ answer: () => [0] }).info;
  readonly asked: LikelihoodPrompt[] = [];
  async *likelihoods(prompts: readonly LikelihoodPrompt[]): AsyncGenerator<LikelihoodBatch> {
    this.asked.push(...prompts);
    // One by one, the last first: any order is allowed.
    for (const [index, { parts }] of [...prompts.entries()].reverse()) {
      const { text } = parts.find(({ slot }) => slot === 'passage')!;
      yield {
        indices: Int32Array.of(index),
        tokens: Int32Array.of(7),
        ms: 1,
        truncations: [],
        logProbabilities: [Float32Array.from(text.split(' ').map(Number))],
      };
    }
  }
}

describe('query likelihood', () => {
  const method = createMethod('qlm', { template: queryLikelihood.template });

  it('ranks by the mean log-probability of the query’s tokens (Eq. 3)', async () => {
    const { order, scores, totals, scored } = await collect(
      method,
      candidatesOf(['-3 -3', '-0.5 -1.5', '-2']),
      new StatedLikelihoods(),
    );
    expect(order).toEqual([1, 2, 0]);
    expect(scores).toEqual([-1, -2, -3]);
    expect(scored.map(({ logits }) => logits)).toEqual([[], [], []]);
    expect(totals).toMatchObject({ planned: 3, asked: 3, cached: 0, tokens: 21 });
  });

  it('asks for the query after the passage and the instruction, which does not name the query', async () => {
    const model = new StatedLikelihoods();
    await collect(method, candidatesOf(['-1']), model);
    expect(model.asked.map(({ target }) => target)).toEqual([QUERY.text]);
    expect(promptText(model.asked[0]!)).toBe('Passage: -1. Please write a question based on this passage.');
  });

  it('asks nothing twice, and another query anew', async () => {
    const cache = new ComparisonCache();
    const cached = createMethod('qlm', { template: queryLikelihood.template, cache });
    const model = new StatedLikelihoods();
    const candidates = candidatesOf(['-1', '-2']);
    await collect(cached, candidates, model);
    expect((await collect(cached, candidates, model)).totals).toMatchObject({ asked: 0, cached: 2 });
    const other = { id: 'q2', text: 'another question' };
    expect((await collect(cached, candidates, model, undefined, other)).totals).toMatchObject({ asked: 2 });
  });

  it('refuses a model that gives label logits alone, before anything is asked', async () => {
    const scorer = new FakeScorer({ answer: () => [0] });
    const { error } = await collect(method, candidatesOf(['-1']), scorer);
    expect(error).toMatchObject({ code: 'bad-input', message: expect.stringMatching(/likelihood/) });
    expect(scorer.total).toBe(0);
  });
});
