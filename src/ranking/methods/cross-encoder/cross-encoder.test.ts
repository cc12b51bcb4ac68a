import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RankerModel } from '../../../inference/ranker-model.ts';
import type { Prompt, ScoredBatch } from '../../../inference/scorer.ts';
import { ComparisonCache } from '../../cache.ts';
import { createMethod } from '../../create-method.ts';
import { askQuestions } from '../../questions.ts';
import { templateProblems } from '../../templates.ts';
import { collect, QUERY } from '../../testing/collect.ts';
import { candidatesOf, FakeScorer } from '../../testing/fake-scorer.ts';
import { crossEncoder, pairTemplate, relevanceLogit } from './method.ts';

/** Logits that a passage states itself, one for each label. */
class StatedRelevance implements RankerModel {
  readonly info = new FakeScorer({ answer: () => [0] }).info;
  readonly asked: Prompt[] = [];
  async *relevance(prompts: readonly Prompt[]): AsyncGenerator<ScoredBatch> {
    this.asked.push(...prompts);
    // One by one, the last first: any order is allowed.
    for (const [index, { parts }] of [...prompts.entries()].reverse()) {
      const { text } = parts.find(({ slot }) => slot === 'passage')!;
      yield {
        indices: Int32Array.of(index),
        tokens: Int32Array.of(7),
        ms: 1,
        truncations: [],
        logits: Float32Array.from(text.split(' ').map(Number)),
      };
    }
  }
}

describe('a cross-encoder', () => {
  const method = createMethod('cross-encoder', { template: crossEncoder.template });

  it('ranks by the logit of its one label, one call a passage', async () => {
    const model = new StatedRelevance();
    const { order, scores, totals, scored } = await collect(
      method,
      candidatesOf(['-3', '2.5', '-0.5']),
      model,
    );
    expect(order).toEqual([1, 2, 0]);
    expect(scores).toEqual([2.5, -0.5, -3]);
    expect(scored.map(({ logits }) => logits)).toContainEqual([2.5]);
    expect(totals).toMatchObject({ planned: 3, asked: 3, cached: 0, tokens: 21 });
    const slots = model.asked[0]!.parts.filter(({ slot }) => slot);
    expect(slots.map(({ slot, text }) => [slot, text])).toEqual([
      ['query', QUERY.text],
      ['passage', '-3'],
    ]);
  });

  it('ranks by the difference of two labels’ logits', async () => {
    const two = createMethod('cross-encoder', { template: pairTemplate(['relevant', 'irrelevant']) });
    const { order, scores } = await collect(
      two,
      candidatesOf(['1 0', '5 9', '-1 -4']),
      new StatedRelevance(),
    );
    expect([order, scores]).toEqual([
      [2, 0, 1],
      [3, 1, -4],
    ]);
  });

  it('orders by the probability of being relevant, however many labels there are', () => {
    const logit = fc.double({ min: -30, max: 30, noNaN: true });
    const several = fc
      .integer({ min: 2, max: 5 })
      .chain((n) => fc.array(logit, { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(several, (logits) => {
        const sum = logits.reduce((all, one) => all + Math.exp(one - logits[0]!), 0);
        const probability = 1 / sum;
        expect(1 / (1 + Math.exp(-relevanceLogit(logits)))).toBeCloseTo(probability, 9);
      }),
    );
  });

  it('asks nothing twice, and another query anew', async () => {
    const cache = new ComparisonCache();
    const cached = createMethod('cross-encoder', { template: crossEncoder.template, cache });
    const model = new StatedRelevance();
    const candidates = candidatesOf(['-1', '-2']);
    await collect(cached, candidates, model);
    expect((await collect(cached, candidates, model)).totals).toMatchObject({ asked: 0, cached: 2 });
    const other = { id: 'q2', text: 'another question' };
    expect((await collect(cached, candidates, model, undefined, other)).totals).toMatchObject({ asked: 2 });
  });

  it('is asked again about single passages', async () => {
    const questions = [{ query: QUERY, passages: [{ text: '4' }] }];
    const answers = [];
    for await (const some of askQuestions(
      { template: crossEncoder.template, questions },
      new StatedRelevance(),
    ))
      answers.push(...some);
    expect(answers).toMatchObject([{ index: 0, logits: [4], tokens: 7 }]);
  });

  it('refuses a T5, and T5 methods refuse it, before anything is asked', async () => {
    const t5 = new FakeScorer({ answer: () => [0] });
    const { error } = await collect(method, candidatesOf(['-1']), t5);
    expect(error).toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/needs relevance scores/),
    });
    expect(t5.total).toBe(0);
    const model = new StatedRelevance();
    const student = createMethod('pointwise-yes', {
      template: { ...crossEncoder.template, kind: 'pointwise', labels: ['Yes'] },
      models: [t5],
    });
    const refused = await collect(student, candidatesOf(['-1']), model);
    expect(refused.error).toMatchObject({
      message: expect.stringMatching(
        /needs logits of single words, and .* gives relevance scores.*Models that can do it/,
      ),
    });
    expect(model.asked).toEqual([]);
  });

  it('takes no wording', () => {
    const wordy = { ...crossEncoder.template, text: 'Is {passage} about {query}?' };
    expect(templateProblems(wordy)).toEqual([expect.stringMatching(/takes no wording/)]);
  });
});
