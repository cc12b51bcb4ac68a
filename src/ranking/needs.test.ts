import { describe, expect, it } from 'vitest';
import { meanLogLikelihood, type RankerModel } from '../inference/ranker-model.ts';
import type { CachedAnswer } from './answer.ts';
import type { AskContext } from './ask.ts';
import { askLikelihood, likelihoodKeyParts } from './ask-likelihood.ts';
import { askLogits } from './ask-logits.ts';
import { askText, textKeyParts } from './ask-text.ts';
import { ComparisonCache } from './cache.ts';
import { createKeys } from './cache-key.ts';
import { createMethod } from './create-method.ts';
import { needed, refuseLacking } from './needs.ts';
import { PRP, STUDENT } from './presets.ts';
import { renderPrompt } from './render.ts';
import { collect, QUERY } from './testing/collect.ts';
import { candidatesOf, FakeScorer } from './testing/fake-scorer.ts';
import { writerOf } from './testing/writer.ts';

const contextOf = (model: RankerModel): AskContext => ({
  model,
  cache: new ComparisonCache(),
  counts: { asked: 0, cached: 0, tokens: 0 },
});
const scorer = new FakeScorer({ answer: () => [1] });

describe('a method and a model that lacks what it needs', () => {
  it('is refused before anything is asked, with what it lacks and who has it', async () => {
    const writer = writerOf(() => 'A', { name: 'Writer' });
    const run = await collect(createMethod('prp-allpair', { template: PRP, models: [scorer] }), [], writer);
    expect(run.events).toEqual([]);
    expect(run.error).toMatchObject({
      code: 'bad-input',
      message:
        'The method prp-allpair needs logits of single words, and Writer gives the likelihood of a given text and ' +
        'text that the model writes. Models that can do it: fake.',
    });
    expect(writer.asked).toEqual([]);
    const wants = { id: 'own', needs: 'generation' } as const;
    expect(() => refuseLacking(wants, scorer, [scorer])).toThrow(
      'The method own needs text that the model writes, and fake gives logits of single words. No other model at hand can do it: choose another method.',
    );
    expect(() => refuseLacking(wants, writer)).not.toThrow();
  });

  it('is a bug where the method has not said what it asks for', () => {
    expect(() => needed(scorer, 'remote')).toThrow(
      /asks fake for a ranking by a service without having said so/,
    );
    expect(needed(scorer, 'logits')).toBe(scorer);
  });
});

describe('answers that are no logits', () => {
  const candidates = candidatesOf(['red apple', 'pear', 'red apple']);
  const prompt = (i: number) => renderPrompt(STUDENT, QUERY, [candidates[i]!.passage]);

  async function all<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
    const found: T[] = [];
    for await (const batch of batches) found.push(...batch);
    return found;
  }

  it('are asked once, kept, and never taken for others', async () => {
    const writer = writerOf((text) => `about ${text.length > 140 ? 'much' : 'little'}`);
    const context = contextOf(writer);
    const limits = { maxNewTokens: 8, stop: ['\n'] };
    const ask = (text = limits) => {
      const key = createKeys(writer.info, STUDENT, {}, QUERY, candidates, textKeyParts(text));
      const questions = candidates.map((_, i) => ({ key: key(i), render: () => prompt(i) }));
      return all(askText(questions, text, context));
    };
    const first = await ask();
    expect(first.map(({ index, cached }) => [index, cached])).toEqual([
      [0, false],
      [2, true],
      [1, false],
    ]);
    expect(first.every(({ answer: { text, ended } }) => /^about /.test(text) && ended)).toBe(true);
    expect((await ask()).every(({ cached }) => cached)).toBe(true);
    expect(context.counts).toMatchObject({ asked: 2, cached: 4 });
    // Other limits are another question.
    await ask({ ...limits, maxNewTokens: 9 });
    expect(context.counts.asked).toBe(4);
    expect(writer.asked).toHaveLength(4);
  });

  it('say how likely a text is, token by token', async () => {
    const writer = writerOf(() => '');
    const context = contextOf(writer);
    const key = createKeys(writer.info, STUDENT, {}, QUERY, candidates, likelihoodKeyParts('blue sky'));
    const questions = candidates.map((_, i) => ({
      key: key(i),
      render: () => ({ ...prompt(i), target: 'blue sky' }),
    }));
    const [{ answer } = { answer: undefined }] = await all(askLikelihood(questions, context));
    expect(answer!.logProbabilities).toEqual([-1, -2]);
    expect(meanLogLikelihood(answer!.logProbabilities)).toBe(-1.5);
    const kept = context.cache.exportAnswers();
    expect(kept.map(({ kind }: CachedAnswer) => kind)).toEqual(['likelihood', 'likelihood']);
  });

  it('of another kind under a key are asked again', async () => {
    const cache = new ComparisonCache([{ key: 'k', kind: 'text', text: 'A', ended: true, tokens: 1, ms: 1 }]);
    const context = { ...contextOf(scorer), cache };
    const [answer] = await all(askLogits([{ key: 'k', render: () => prompt(0) }], context));
    expect(answer).toMatchObject({ answer: { logits: [1] }, cached: false });
  });
});
