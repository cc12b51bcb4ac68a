import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendallTau, kendallTauB, spearman, tauAp } from './correlation.ts';

const ids = fc.uniqueArray(fc.string({ maxLength: 4 }), { minLength: 2, maxLength: 40 });
const twoOrders = ids.chain((a) =>
  fc.tuple(fc.constant(a), fc.shuffledSubarray(a, { minLength: a.length, maxLength: a.length })),
);

describe('known values', () => {
  it('one adjacent swap of four', () => {
    expect(kendallTau(['a', 'b', 'c', 'd'], ['b', 'a', 'c', 'd'])).toBeCloseTo(4 / 6, 12);
    expect(spearman(['a', 'b', 'c', 'd'], ['b', 'a', 'c', 'd'])).toBeCloseTo(0.8, 12);
  });

  it('τ_AP weighs a swap at the top more than one at the bottom', () => {
    const reference = ['a', 'b', 'c', 'd'];
    // C(i)/(i−1) over i = 2, 3, 4: 0, 1, 1 and 1, 1, 2/3.
    expect(tauAp(['b', 'a', 'c', 'd'], reference)).toBeCloseTo((2 / 3) * 2 - 1, 12);
    expect(tauAp(['a', 'b', 'd', 'c'], reference)).toBeCloseTo((2 / 3) * (1 + 1 + 2 / 3) - 1, 12);
  });

  it('τ-b with ties, as scipy.stats.kendalltau documents it', () => {
    expect(kendallTauB([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 12);
  });

  it('has nothing to say about fewer than two common items', () => {
    expect(kendallTau(['a'], ['a'])).toBeUndefined();
    expect(kendallTau(['a', 'b'], ['c', 'd'])).toBeUndefined();
    expect(tauAp([], [])).toBeUndefined();
    expect(spearman(['a'], ['a'])).toBeUndefined();
    expect(kendallTauB([1, 1], [1, 2])).toBeUndefined();
  });

  it('looks only at items both orders have', () => {
    expect(kendallTau(['x', 'a', 'b'], ['b', 'y', 'a'])).toBe(-1);
  });
});

describe('properties', () => {
  it('is 1 with itself and −1 with its reverse', () => {
    fc.assert(
      fc.property(ids, (a) => {
        const reversed = [...a].reverse();
        for (const measure of [kendallTau, spearman, tauAp]) {
          expect(measure(a, a)).toBeCloseTo(1, 12);
          expect(measure(a, reversed)).toBeCloseTo(-1, 12);
        }
      }),
    );
  });

  it('τ equals the count of concordant less discordant pairs, and τ-b of the places', () => {
    fc.assert(
      fc.property(twoOrders, ([a, b]) => {
        const x = a.map((_, i) => i);
        const y = a.map((id) => b.indexOf(id));
        expect(kendallTau(a, b)).toBeCloseTo(kendallTauB(x, y)!, 10);
        expect(kendallTau(b, a)).toBeCloseTo(kendallTau(a, b)!, 10);
      }),
    );
  });

  it('lies in −1…1 with ties too', () => {
    const scores = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(scores, (pairs) => {
        const tau = kendallTauB(
          pairs.map(([x]) => x),
          pairs.map(([, y]) => y),
        );
        if (tau !== undefined) expect(Math.abs(tau)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});
