import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allPairsOrder, firstStageOrder, heapsortOrder } from './orders.ts';

/** Margins of a judge who always prefers the passage with the higher value, in both orders. */
const margins = (values: readonly number[]) =>
  Float32Array.from(values.flatMap((a) => values.map((b) => Math.sign(a - b))));
/** Of one who prefers whatever stands first: no pair is decided. */
const leaning = (n: number) => new Float32Array(n * n).fill(1);
const shuffled = (n: number) => fc.shuffledSubarray(firstStageOrder(n), { minLength: n, maxLength: n });

describe.each([
  ['all pairs', allPairsOrder],
  ['heapsort', (m: Float32Array, before: readonly number[]) => heapsortOrder(m, before).order],
])('%s from decisions that are there', (_, order) => {
  it('finds the order of a judge without contradictions, whatever stood before', () => {
    const lists = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 12 });
    const inputs = lists.chain((values) => fc.tuple(fc.constant(values), shuffled(values.length)));
    fc.assert(
      fc.property(inputs, ([values, before]) => {
        const best = firstStageOrder(values.length).sort((a, b) => values[b]! - values[a]!);
        expect(order(margins(values), before)).toEqual(best);
      }),
    );
  });

  it('takes what stood before where nothing is decided: BM25’s order, or another', () => {
    fc.assert(
      fc.property(shuffled(7), (before) => {
        const found = order(leaning(7), before);
        const bm25 = order(leaning(7), firstStageOrder(7));
        expect(found).toEqual(bm25.map((place) => before[place]!));
      }),
    );
    expect(order(leaning(7), firstStageOrder(7))[0]).toBe(0);
  });
});

it('counts the calls that heapsort would have made, both orders of each pair', () => {
  const { calls } = heapsortOrder(margins([5, 4, 3, 2, 1]), firstStageOrder(5));
  expect(calls % 2).toBe(0);
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(20);
});
