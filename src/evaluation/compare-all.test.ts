import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAll } from './compare-all.ts';
import { holm } from './holm.ts';
import { pairedDifference } from './significance.ts';

describe('holm', () => {
  it('is the textbook correction', () => {
    // Holm's step-down of .01, .04, .03, .005: 4 × .005, 3 × .01, 2 × .03, then .04 raised to what came before.
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(6)))).toEqual([
      0.03, 0.06, 0.06, 0.02,
    ]);
    expect(holm([])).toEqual([]);
  });

  it('never lowers a value, keeps their order, and stays at or below Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        const corrected = holm(values);
        values.forEach((p, i) => {
          expect(corrected[i]).toBeGreaterThanOrEqual(p);
          expect(corrected[i]).toBeLessThanOrEqual(Math.min(1, p * values.length) + 1e-12);
          values.forEach((q, j) => {
            if (p < q) expect(corrected[i]).toBeLessThanOrEqual(corrected[j]!);
          });
        });
      }),
    );
  });
});

describe('compareAll', () => {
  const row = (...values: number[]) => Float64Array.from(values);

  it('tests what pairedDifference tests, on the queries that both rows have', () => {
    const a = [0.1, 0.9, 0.4, 0.7, 0.6, 0.3];
    const b = [0.2, 0.5, 0.4, 0.1, 0.2, 0.3];
    const expected = pairedDifference(a.slice(1), b.slice(1));
    const [pair] = compareAll([row(Number.NaN, ...a.slice(1)), row(...b)]);
    expect(pair).toMatchObject({ a: 0, b: 1, queries: 5, wins: 3, ties: 2, losses: 0, p: expected.p });
    expect(pair!.mean).toBeCloseTo(expected.mean, 12);
    // One pair needs no correction.
    expect(pair!.corrected).toBe(expected.p);
  });

  it('corrects over all pairs, and leaves out those that share fewer than two queries', () => {
    const rows = [row(1, 1, 1, 1), row(0, 0, 0, 0), row(1, Number.NaN, Number.NaN, Number.NaN)];
    const [ab, ac, bc] = compareAll(rows);
    expect(ab).toMatchObject({ p: 0.125, corrected: 0.125 });
    for (const pair of [ac, bc])
      expect(pair).toMatchObject({ queries: 1, p: Number.NaN, corrected: Number.NaN });
    const three = compareAll([rows[0]!, rows[1]!, rows[1]!]);
    expect(three.map(({ corrected }) => corrected)).toEqual([0.375, 0.375, 1]);
  });
});
