import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from './cache.ts';
import { createMethod } from './create-method.ts';
import { readingOf } from './methods/reading.ts';
import { METHOD_IDS, methodNamed } from './methods/registry.ts';
import { rankPartially } from './orders.ts';
import { plannedCalls } from './planned-calls.ts';
import { firstAmongTwo, saidRelevant } from './pointwise.ts';
import { MONO_T5, PRP, RELEVANCE, STUDENT } from './presets.ts';
import { labelsOf, scoresAlone } from './template.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, FakeScorer, seededRandom } from './testing/fake-scorer.ts';
import { thatWrites } from './testing/writer.ts';

/** Logits written in the passage: "1.5 -2" answers [1.5, −2]. */
const reading = (random?: () => number, onBatch?: () => void) =>
  new FakeScorer({ answer: ({ passage = '' }) => passage.split(' ').map(Number), random, onBatch });

describe('pointwise-yes', () => {
  it('ranks by the positive logit, ties by first-stage order, whatever the batches', async () => {
    const logits = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(logits, fc.integer(), async (values, seed) => {
        const scorer = reading(seededRandom(seed));
        const run = await collect(
          createMethod('pointwise-yes', { template: STUDENT }),
          candidatesOf(values.map(String)),
          scorer,
        );
        const expected = values.map((_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
        expect(run.order).toEqual(expected);
        expect(run.scores).toEqual(expected.map((i) => values[i]));
        expect(run.planned).toBe(values.length);
        expect(run.totals!.asked + run.totals!.cached).toBe(values.length);
        expect(run.totals!.asked).toBe(new Set(values).size);
        for (const order of run.orders)
          expect(order.toSorted((a, b) => a - b)).toEqual(values.map((_, i) => i));
      }),
    );
  });

  it('resumes after a cancel without asking anything twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer(),
        async (size, after, seed) => {
          const random = seededRandom(seed);
          const candidates = candidatesOf(
            Array.from({ length: size }, (_, i) => `${Math.floor(random() * 9)}.${i}1`),
          );
          const cache = new ComparisonCache();
          const student = createMethod('pointwise-yes', { template: STUDENT, cache });
          const controller = new AbortController();
          let batches = 0;
          const scorer = reading(random, () => {
            if (++batches > after) controller.abort();
          });
          const first = await collect(student, candidates, scorer, controller.signal);
          expect(first.scored).toHaveLength(scorer.total);
          const second = await collect(student, candidates, scorer);
          const whole = await collect(
            createMethod('pointwise-yes', { template: STUDENT }),
            candidates,
            reading(),
          );
          expect(second.order).toEqual(whole.order);
          expect(Math.max(...scorer.asked.values())).toBe(1);
          expect(second.totals).toMatchObject({
            asked: size - first.scored.length,
            cached: first.scored.length,
          });
        },
      ),
    );
  });

  it('holds unscored passages at their first-stage place', () => {
    const none = Number.NaN;
    expect(rankPartially([none, 1, none, 5, none])).toEqual({
      order: [0, 3, 2, 1, 4],
      scores: [none, 5, none, 1, none],
    });
    expect(rankPartially([2, 1, 3])).toEqual({ order: [2, 0, 1], scores: [3, 2, 1] });
  });
});

describe('relevance generation', () => {
  const texts = ['2 1', '0 3', '5 4.5', '1 -4'];

  it('ranks by logit Yes − logit No', async () => {
    const run = await collect(createMethod('rg', { template: RELEVANCE }), candidatesOf(texts), reading());
    expect(run.order).toEqual([3, 0, 2, 1]);
    expect(run.scores).toEqual([5, 1, 0.5, -3]);
    expect(run.scored[0]).toMatchObject({ index: 0, logits: [2, 1], cached: false, cuts: [] });
  });

  it('ranks by Eq. 2 with true probabilities', async () => {
    const rg = createMethod('rg', { template: RELEVANCE, trueProbabilities: true });
    const scorer = reading();
    const run = await collect(rg, candidatesOf(texts), scorer);
    const yes = (x: number, y: number) => Math.exp(x) / (Math.exp(x) + Math.exp(y));
    expect(scorer.calls[0]!.logSumExp).toBe(true);
    expect(run.order).toEqual([3, 0, 2, 1]);
    expect(run.scores[0]).toBeCloseTo(1 + yes(1, -4), 5);
    expect(run.scores[3]).toBeCloseTo(1 - yes(3, 0), 5);
  });

  it('follows Eq. 2 on both sides and at a draw', () => {
    // p(Yes) = 0.5, p(No) = 0.25; then the other way round; then equal.
    const [half, quarter] = [Math.log(0.5), Math.log(0.25)];
    expect(saidRelevant([half, quarter], 0)).toBeCloseTo(1.5, 12);
    expect(saidRelevant([quarter, half], 0)).toBeCloseTo(0.5, 12);
    expect(saidRelevant([half, half], 0)).toBeCloseTo(0.5, 12);
  });

  it('asks again when the cache has no log-sum-exp, and serves both ways after that', async () => {
    const cache = new ComparisonCache();
    const scorer = reading();
    const onLogits = createMethod('rg', { template: RELEVANCE, cache });
    const onProbabilities = createMethod('rg', { template: RELEVANCE, cache, trueProbabilities: true });
    await collect(onLogits, candidatesOf(texts), scorer);
    expect((await collect(onProbabilities, candidatesOf(texts), scorer)).totals).toMatchObject({
      asked: 4,
      cached: 0,
    });
    expect((await collect(onProbabilities, candidatesOf(texts), scorer)).totals).toMatchObject({
      asked: 0,
      cached: 4,
    });
    expect((await collect(onLogits, candidatesOf(texts), scorer)).totals).toMatchObject({
      asked: 0,
      cached: 4,
    });
  });
});

describe('a broken scorer', () => {
  it('is an error that says so, not a ranking', async () => {
    const student = createMethod('pointwise-yes', { template: STUDENT });
    const nan = await collect(student, candidatesOf(['NaN']), reading());
    expect(nan.error).toMatchObject({
      code: 'device',
      message: expect.stringContaining('label “Yes” is not a number'),
    });
    expect(nan.totals).toBeUndefined();

    // Such an answer would be refused when it is read back, and with it all the others.
    const eq2 = createMethod('rg', { template: RELEVANCE, trueProbabilities: true });
    const overflow = new FakeScorer({ answer: () => [1e30, -1e30] });
    expect((await collect(eq2, candidatesOf(['1']), overflow)).error).toMatchObject({
      code: 'device',
      message: expect.stringContaining('whole vocabulary is not a number'),
    });

    const scorer = reading();
    const silent = Object.assign(Object.create(scorer), { info: scorer.info, score: async function* () {} });
    const missing = await collect(student, candidatesOf(['1', '2']), silent);
    expect(missing.error).toMatchObject({
      code: 'internal',
      message: expect.stringContaining('2 of 2 prompts'),
    });
  });
});

describe('createMethod', () => {
  const code = (make: () => unknown) => {
    try {
      make();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('refuses what does not fit, with a reason', () => {
    const refused = (make: () => unknown, message: RegExp) =>
      expect(code(make)).toMatchObject({ code: 'bad-input', message: expect.stringMatching(message) });
    refused(
      () => createMethod('pointwise-yes', { template: PRP }),
      /pointwise-yes reads a pointwise template/,
    );
    refused(() => createMethod('prp-allpair', { template: STUDENT }), /reads a pairwise template/);
    refused(() => createMethod('rg', { template: STUDENT }), /compares 2 labels, and “.*” has 1/);
    refused(() => createMethod('prp-sliding', { template: PRP, passes: 0 }), /0 passes/);
    refused(() => createMethod('prp-sliding', { template: PRP, passes: 1.5 }), /1.5 passes/);
    refused(() => createMethod('rg', { template: RELEVANCE, limits: { maxTokens: 0 } }), /maxTokens is 0/);
    refused(
      () => createMethod('pointwise-yes', { template: { ...STUDENT, text: '' } }),
      /\{query\} is missing/,
    );
    refused(() => createMethod('bm25' as 'rg', { template: RELEVANCE }), /no method “bm25”/);
  });

  it('passes limits to the scorer', async () => {
    const scorer = reading();
    await collect(
      createMethod('pointwise-yes', { template: STUDENT, limits: { maxTokens: 99 } }),
      candidatesOf(['1']),
      scorer,
    );
    expect(scorer.calls[0]!.limits).toEqual({ maxTokens: 99 });
  });

  it.each(METHOD_IDS)('%s ranks no and one candidate', async (id) => {
    const { template, kind } = methodNamed(id);
    const method = createMethod(id, { template });
    const none = await collect(method, [], thatWrites(reading()));
    expect(none.events.map(({ type }) => type)).toEqual(['planned', 'ranking', 'done']);
    expect(none.order).toEqual([]);
    expect(none.planned).toBe(0);
    const one = await collect(
      method,
      candidatesOf([labelsOf(template).length === 1 ? '1' : '1 0']),
      thatWrites(reading()),
    );
    expect(one.order).toEqual([0]);
    expect(one.totals).toMatchObject({
      planned: plannedCalls(id, 1).calls,
      asked: scoresAlone(kind) ? 1 : 0,
    });
  });
});

describe('monoT5', () => {
  it('scores by the log-softmax over its two labels, as pygaggle does', async () => {
    const texts = ['2 1', '0 3', '5 4.5', '90 -90', '-90 90'];
    const method = createMethod('monot5', { template: MONO_T5 });
    const run = await collect(method, candidatesOf(texts), reading());
    expect(run.order).toEqual([3, 0, 2, 1, 4]);
    const logSoftmax = (text: string) => {
      const [yes, no] = text.split(' ').map(Number) as [number, number];
      return yes - Math.max(yes, no) - Math.log(Math.exp(-Math.abs(yes - no)) + 1);
    };
    run.scores!.forEach((score, place) => {
      expect(score).toBeCloseTo(logSoftmax(texts[run.order![place]!]!), 12);
    });
    expect(firstAmongTwo([0, 0])).toBeCloseTo(-Math.LN2, 15);
    expect(firstAmongTwo([800, -800])).toBe(-0);
    expect(firstAmongTwo([-800, 800])).toBe(-1600);
  });

  it('reads its own wording where a passage would be scored by one logit, and no other', () => {
    expect(readingOf('pointwise-yes', MONO_T5)).toBe('monot5');
    expect(readingOf('pointwise-yes', { ...MONO_T5, id: 'of-a-card' })).toBe('monot5');
    expect(readingOf('pointwise-yes', { ...MONO_T5, labels: ['true'] })).toBe('pointwise-yes');
    expect(readingOf('pointwise-yes', STUDENT)).toBe('pointwise-yes');
    expect(readingOf('rg', MONO_T5)).toBe('rg');
  });
});
