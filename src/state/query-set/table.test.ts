import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference } from '../../evaluation/significance.ts';
import { secondsLeft } from './plan.ts';
import { tableOf } from './table.ts';
import { SET_METHODS, type SetMethod, type SetQuery } from './types.ts';

const cost = { calls: 2, cached: 1, seconds: 0.5 };

/** A query whose methods have these values; the order carries the value to `measure`. */
function query(id: string, values: Partial<Record<SetMethod, number>>): SetQuery {
  const rankings = Object.fromEntries(
    Object.entries(values).map(([method, value]) => [method, { order: [value], cost }]),
  );
  return { query: { id, text: id }, candidates: [], rankings };
}
const measure = (_: SetQuery, order: readonly number[]): number | undefined => order[0];
const all = (bm25: number, base: number, student: number, teacher: number) => ({
  bm25,
  base,
  student,
  teacher,
});

describe('tableOf', () => {
  it('has means, sums and paired differences of the queries that are complete', () => {
    const table = tableOf(
      [
        query('a', all(0.2, 0.4, 0.5, 0.6)),
        query('b', all(0.4, 0.4, 0.7, 0.6)),
        query('c', { bm25: 1, base: 1, student: 1 }),
      ],
      measure,
    );
    expect(table.queries).toBe(2);
    expect(table.rows.map(({ method }) => method)).toEqual(SET_METHODS);
    expect(table.rows.map(({ ndcg10 }) => Number(ndcg10.toFixed(6)))).toEqual([0.3, 0.4, 0.6, 0.6]);
    expect(table.rows[2]!.cost).toEqual({ calls: 4, cached: 2, seconds: 1 });
    expect(table.rows[0]!.againstBm25).toBeNull();
    expect(table.rows[2]!.againstBm25).toEqual(pairedDifference([0.5, 0.7], [0.2, 0.4]));
    expect(table.differences.map(({ a, b }) => `${a} − ${b}`)).toEqual([
      'student − teacher',
      'student − base',
    ]);
    // The third is there to be looked at, with what it has.
    expect(table.perQuery[2]!.ndcg10).toEqual({ bm25: 1, base: 1, student: 1 });
  });

  it('has no interval for one query, and no row for none', () => {
    const one = tableOf([query('a', all(0.2, 0.4, 0.5, 0.6))], measure);
    expect(one.rows.map(({ againstBm25 }) => againstBm25)).toEqual([null, null, null, null]);
    expect(one.differences).toEqual([]);
    expect(tableOf([], measure)).toMatchObject({ queries: 0, rows: [] });
  });

  it('counts the queries whose first hit of BM25 is worth nothing', () => {
    const queries = [0, 0.4, 0].map((bm25, i) => query(`q${i}`, all(bm25, 0.4, 0.5, 0.6)));
    expect(tableOf(queries, measure).firstHitMisses).toBe(2);
    expect(tableOf([query('a', { bm25: 0 })], measure).firstHitMisses).toBe(0);
  });

  it('leaves out a query that is not judged', () => {
    expect(tableOf([query('a', all(1, 1, 1, 1))], () => undefined).queries).toBe(0);
  });

  it('compares the methods that there are', () => {
    const table = tableOf(
      [query('a', { bm25: 0.5, teacher: 0.5 }), query('b', { bm25: 0, teacher: 1 })],
      measure,
      ['bm25', 'teacher'],
    );
    expect(table.rows.map(({ method }) => method)).toEqual(['bm25', 'teacher']);
    expect(table.differences).toEqual([]);
  });

  it('has means and differences that agree, whatever the values', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value, value), { minLength: 2, maxLength: 6 }), (rows) => {
        const table = tableOf(
          rows.map((values, i) => query(`q${i}`, all(...values))),
          measure,
        );
        const [bm25, ...others] = table.rows;
        for (const { ndcg10, againstBm25 } of others) {
          expect(againstBm25!.mean).toBeCloseTo(ndcg10 - bm25!.ndcg10, 9);
          expect(againstBm25!.low).toBeLessThanOrEqual(againstBm25!.mean + 1e-9);
          expect(againstBm25!.high).toBeGreaterThanOrEqual(againstBm25!.mean - 1e-9);
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe('secondsLeft', () => {
  const lane = (planned: number, answered: number, seconds: number) => ({ planned, answered, seconds });
  it('goes on at each method’s own pace', () => {
    expect(secondsLeft([lane(100, 50, 5), lane(10, 10, 1), lane(20, 10, 2)])).toBe(7);
    expect(secondsLeft([])).toBe(0);
  });
  it('is not known before every method with work left has answered', () => {
    expect(secondsLeft([lane(100, 50, 5), lane(20, 0, 0)])).toBeNull();
    expect(secondsLeft([lane(100, 50, 5), lane(0, 0, 0)])).toBe(5);
  });
});
