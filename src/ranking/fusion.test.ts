import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMethod } from './create-method.ts';
import { checkFusion, FUSIONS, fuse, fusedEvent, readFusion, standardised, WEIGHTS } from './fusion.ts';
import { methodNamed } from './methods/registry.ts';
import { rankByScore } from './orders.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, FakeScorer } from './testing/fake-scorer.ts';

describe('reciprocal rank fusion', () => {
  it('adds 1 / (60 + place) of both, and keeps first-stage order where they are equal', () => {
    // Places of the first stage 1 2 3; of the re-ranker: candidate 2 first, then 0, then 1.
    const { order, scores } = fuse([9, 5, 1], { order: [2, 0, 1], scores: [3, 2, 1] }, { by: 'rrf' });
    expect(order).toEqual([0, 2, 1]);
    expect(scores[0]).toBeCloseTo(1 / 61 + 1 / 62, 12);
    expect(scores[1]).toBeCloseTo(1 / 63 + 1 / 61, 12);
    expect(scores[2]).toBeCloseTo(1 / 62 + 1 / 63, 12);
    expect(fuse([2, 1], { order: [1, 0], scores: [2, 1] }, { by: 'rrf' }).order).toEqual([0, 1]);
  });
});

describe('interpolation', () => {
  it('weighs standardised scores, so that their scales do not matter', () => {
    const own = { order: [1, 0, 2], scores: [100, 50, 0] };
    const { order, scores } = fuse([3, 2, 1], own, { by: 'interpolation', weight: 0.75 });
    const z = Math.sqrt(1.5);
    expect(order).toEqual([1, 0, 2]);
    expect(scores[0]).toBeCloseTo(0.75 * z, 12);
    expect(scores[1]).toBeCloseTo(0.25 * z, 12);
    expect(scores[2]).toBeCloseTo(-z, 12);
  });

  it('says of equal scores nothing', () => {
    expect(standardised([0.1, 0.1, 0.1])).toEqual([0, 0, 0]);
    const own = rankByScore([1, 3, 2]);
    expect(fuse([0, 0, 0], own, { by: 'interpolation', weight: 0.5 }).order).toEqual(own.order);
  });

  it('is one of the two alone at its ends', () => {
    const scores = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(scores, fc.infiniteStream(fc.integer({ min: -1000, max: 1000 })), (first, stream) => {
        const given = first.toSorted((a, b) => b - a);
        const own = rankByScore([...stream.take(given.length)]);
        expect(fuse(given, own, { by: 'interpolation', weight: 0 }).order).toEqual(given.map((_, i) => i));
        expect(fuse(given, own, { by: 'interpolation', weight: 1 }).order).toEqual(own.order);
      }),
    );
  });

  it('refuses a weight outside 0 … 1', () => {
    expect(() => checkFusion({ by: 'interpolation', weight: 1.2 })).toThrow(/from 0 .* to 1/);
    expect(() => checkFusion({ by: 'interpolation', weight: Number.NaN })).toThrow(/from 0 .* to 1/);
  });
});

describe('a method with a fusion', () => {
  const candidates = ['3', '5', '4'].map((text, i) => ({
    ...candidatesOf([text])[0]!,
    rank: i + 1,
    score: 9 - i,
  }));
  const scorer = () => new FakeScorer({ answer: ({ passage }) => [Number(passage)] });

  it('ends in the fused order, costs no call more, and shows no score before all are there', async () => {
    const { template } = methodNamed('pointwise-yes');
    const plain = await collect(createMethod('pointwise-yes', { template }), candidates, scorer());
    const fused = await collect(
      createMethod('pointwise-yes', { template, fusion: { by: 'rrf' } }),
      candidates,
      scorer(),
    );
    expect(plain.order).toEqual([1, 2, 0]);
    // Places 1, 2, 3 of the first stage; 3, 1, 2 of the method.
    expect(fused.order).toEqual([1, 0, 2]);
    expect(fused.scores[0]).toBeCloseTo(1 / 62 + 1 / 61, 12);
    expect(fused.scored.map(({ score }) => score)).toEqual(plain.scored.map(({ score }) => score));
    expect(fused.totals?.asked).toBe(plain.totals?.asked);
    const partial = { type: 'ranking', order: [2, 1, 0], scores: [4, Number.NaN, 3] } as const;
    expect(fusedEvent(partial, candidates, { by: 'rrf' })).toEqual({
      type: 'ranking',
      order: [0, 1, 2],
      scores: [Number.NaN, Number.NaN, Number.NaN],
    });
  });

  it('is refused with a weight that is none, before anything is asked', () => {
    const { template } = methodNamed('pointwise-yes');
    const fusion = { by: 'interpolation', weight: -1 } as const;
    expect(() => createMethod('pointwise-yes', { template, fusion })).toThrow(
      /weight of the re-ranker is -1/,
    );
  });
});

describe('any fusion', () => {
  it('is a permutation of the candidates, and agrees with two that agree', () => {
    const fusion = fc.constantFrom(
      { by: 'rrf' } as const,
      ...WEIGHTS.map((weight) => ({ by: 'interpolation', weight }) as const),
    );
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 50, noNaN: true })), fusion, (scores, how) => {
        const first = scores.toSorted((a, b) => b - a);
        const { order } = fuse(first, rankByScore(scores), how);
        expect(order.toSorted((a, b) => a - b)).toEqual(scores.map((_, i) => i));
        expect(fuse(first, rankByScore(first), how).order).toEqual(first.map((_, i) => i));
      }),
    );
  });

  it('is read from files only where it is one', () => {
    expect(readFusion({ by: 'rrf', more: 1 })).toEqual({ by: 'rrf' });
    expect(readFusion({ by: 'interpolation', weight: 0.3 })).toEqual({ by: 'interpolation', weight: 0.3 });
    for (const no of [
      undefined,
      null,
      'rrf',
      { by: 'sum' },
      { by: 'interpolation' },
      { by: 'interpolation', weight: 2 },
    ])
      expect(readFusion(no)).toBeUndefined();
    expect(FUSIONS).toEqual(['rrf', 'interpolation']);
  });
});
