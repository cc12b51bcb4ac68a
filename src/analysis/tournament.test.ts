import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyJudge, judge } from './testing/judges.ts';
import { condorcetWinner, smithSet, strictWins, tiersOf, triadsOf } from './tournament.ts';

/** 0 beats 1 beats 2 beats 0, and all three beat 3. */
const ring = judge(4, (a, b) => (a === 3 ? -1 : b === 3 ? 1 : (b - a + 3) % 3 === 1 ? 1 : -1));

describe('the decisions as a tournament', () => {
  it('finds a ring, its tier, and no Condorcet winner', () => {
    expect(triadsOf(ring)).toMatchObject({ circular: 1, counted: 4, byChance: 1, example: [0, 1, 2] });
    // d_max of four is (64 − 16) / 24 = 2.
    expect(triadsOf(ring).consistence).toBe(0.5);
    expect(condorcetWinner(ring)).toBeUndefined();
    expect(tiersOf(ring)).toEqual([[0, 1, 2], [3]]);
  });

  it('has one tier a candidate and ζ = 1 for a judge with an order', () => {
    const pairs = judge(6, (a, b) => b - a);
    expect(triadsOf(pairs)).toMatchObject({ circular: 0, counted: 20, consistence: 1 });
    expect(condorcetWinner(pairs)).toBe(0);
    expect(tiersOf(pairs)).toEqual([[0], [1], [2], [3], [4], [5]]);
  });

  it('counts circular triads as C(n, 3) − Σ C(s, 2) where every pair is strict', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 3, max: 9 })
          .chain((n) =>
            fc.array(fc.boolean(), { minLength: n * n, maxLength: n * n }).map((bits) => ({ n, bits })),
          ),
        ({ n, bits }) => {
          const wins = (i: number, j: number) => (i < j ? bits[i * n + j]! : !bits[j * n + i]!);
          const pairs = judge(n, (a, b) => (wins(a, b) ? 1 : -1));
          const scores = Array.from({ length: n }, (_, i) => {
            let own = 0;
            for (let j = 0; j < n; j++) if (i !== j && wins(i, j)) own++;
            return own;
          });
          const d = (n * (n - 1) * (n - 2)) / 6 - scores.reduce((sum, s) => sum + (s * (s - 1)) / 2, 0);
          const triads = triadsOf(pairs);
          expect(triads.circular).toBe(d);
          expect(triads.consistence).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('puts everyone in one tier; tiers beat all below them, and no tier can be cut further', () => {
    fc.assert(
      fc.property(anyJudge(), (pairs) => {
        const tiers = tiersOf(pairs);
        const n = pairs.size;
        expect(tiers.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        const wins = strictWins(pairs);
        tiers.forEach((tier, t) => {
          for (const below of tiers.slice(t + 1).flat()) {
            for (const i of tier) expect(wins[i * n + below]).toBe(1);
          }
          // A proper part that beats all the rest of its tier would be a tier of its own.
          for (let part = 1; part < 2 ** tier.length - 1; part++) {
            const inside = tier.filter((_, bit) => part & (1 << bit));
            const outside = tier.filter((_, bit) => !(part & (1 << bit)));
            expect(inside.every((i) => outside.every((j) => wins[i * n + j] === 1))).toBe(false);
          }
        });
        const winner = condorcetWinner(pairs);
        if (winner !== undefined) expect(smithSet(pairs)).toEqual([winner]);
      }),
      { numRuns: 60 },
    );
  });
});
