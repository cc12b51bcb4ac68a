import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerCache } from '../storage/answers.ts';
import { memoryRecords } from '../storage/records.ts';
import { type CachedAnswer, isAnswer, isLogits } from './answer.ts';
import { answersLogits } from './ask-logits.ts';
import { ComparisonCache } from './cache.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf } from './testing/fake-scorer.ts';
import { byNumber, method } from './testing/judges.ts';

const base = { key: 'k', tokens: 3, ms: 1.5 };
const answers: readonly CachedAnswer[] = [
  { ...base, logits: [1, -2] },
  { ...base, logits: [1], logSumExp: 4, cuts: [{ slot: 'passage', kept: 1, total: 2 }] },
  { ...base, kind: 'likelihood', logProbabilities: [-0.5, -1e-9] },
  { ...base, kind: 'text', text: '[2] > [1]', ended: true },
  { ...base, kind: 'ranking', order: [2, 0, 1] },
  { ...base, kind: 'ranking', order: [0, 1], scores: [0.5, 0.25] },
];

const damaged: readonly unknown[] = [
  null,
  { ...base },
  { ...base, key: 7, logits: [1] },
  { ...base, tokens: Number.NaN, logits: [1] },
  { ...base, logits: [1, null] },
  { ...base, logits: [1], logSumExp: Number.POSITIVE_INFINITY },
  { ...base, logits: [1], cuts: [{ slot: 'passage' }] },
  { ...base, kind: 'likelihood', logits: [1] },
  { ...base, kind: 'text', text: 'a' },
  { ...base, kind: 'ranking', order: [0, 2] },
  { ...base, kind: 'ranking', order: [1, 1] },
  { ...base, kind: 'something newer', logits: [1] },
];

describe('an answer', () => {
  it('of every kind is one, also after it was stored; damaged ones are none', () => {
    for (const answer of answers) {
      expect(isAnswer(answer), JSON.stringify(answer)).toBe(true);
      expect(isAnswer(JSON.parse(JSON.stringify(answer)))).toBe(true);
    }
    for (const answer of damaged) expect(isAnswer(answer), JSON.stringify(answer)).toBe(false);
  });

  it('without a tag is one of logits, as versions stored it that knew no others', () => {
    expect(answers.map(isLogits)).toEqual([true, true, false, false, false, false]);
    expect(answers.map((answer) => answersLogits(answer))).toEqual([true, true, false, false, false, false]);
    expect(answers.map((answer) => answersLogits(answer, true))).toEqual([
      false,
      true,
      ...Array(4).fill(false),
    ]);
  });

  it('is let into the page’s store and into a run’s cache alike, whatever it is', async () => {
    const anything = fc.oneof(fc.constantFrom<unknown>(...answers, ...damaged), fc.anything());
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 5 }), async (values) => {
        const given = values.map((value, i) => (isAnswer(value) ? { ...value, key: `k${i}` } : value));
        const records = memoryRecords();
        await records.put('answers', 'scope:s', { format: 1, answers: given });
        const stored = await new AnswerCache(records).known('s');
        const good = given.filter(isAnswer);
        expect(stored).toEqual(good);
        expect(new ComparisonCache(stored).exportAnswers()).toEqual(good);
        const whole = () => new ComparisonCache(given as CachedAnswer[]);
        if (good.length < given.length) expect(whole).toThrow(/is damaged/);
        else expect(whole().size).toBe(good.length);
      }),
    );
  });

  it('of logits takes no more room than before there were kinds', async () => {
    const cache = new ComparisonCache();
    await collect(method('prp-allpair', { cache }), candidatesOf(['1', '2', '3']), byNumber());
    expect(cache.size).toBe(6);
    for (const answer of cache.exportAnswers()) {
      expect(Object.keys(answer).sort()).toEqual(['key', 'logits', 'ms', 'tokens']);
    }
  });
});
