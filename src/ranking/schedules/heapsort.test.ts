import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairTable } from '../pair-table.ts';
import { heapsort } from './heapsort.ts';

/** Drives a schedule with the decisions of a total order; returns its ranking and how often it asked. */
function sortBy(values: readonly number[], top?: number) {
  const table = new PairTable(values.length);
  const { steps, ranking } = heapsort(values.length, table, top);
  let asked = 0;
  for (const pairs of {
    [Symbol.iterator]: () => steps as Iterator<readonly (readonly [number, number])[]>,
  }) {
    for (const [a, b] of pairs) {
      if (table.has(a, b)) continue;
      table.set(a, b, values[a]! > values[b]! ? 1 : 0);
      asked++;
    }
  }
  return { order: ranking().order, asked };
}

describe('heapsort until `top` places are known', () => {
  it('gives the same first places as the whole sort, with no more questions', () => {
    const total = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(total, fc.integer({ min: 1, max: 45 }), (values, top) => {
        const whole = sortBy(values);
        const some = sortBy(values, top);
        expect(some.order.slice(0, top)).toEqual(whole.order.slice(0, top));
        expect([...some.order].sort((a, b) => a - b)).toEqual(values.map((_, i) => i));
        expect(some.asked).toBeLessThanOrEqual(whole.asked);
      }),
    );
  });
});
