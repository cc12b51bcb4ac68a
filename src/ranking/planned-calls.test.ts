import { describe, expect, it } from 'vitest';
import { PairTable } from './pair-table.ts';
import { plannedCalls } from './planned-calls.ts';
import { heapsort } from './schedules/heapsort.ts';

/** The most distinct comparisons that sorting any arrangement of n different numbers takes. */
function worstHeapsort(size: number): number {
  let worst = 0;
  for (const values of permutations(size)) {
    const table = new PairTable(size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) if (a !== b) table.set(a, b, values[a]! > values[b]! ? 1 : 0);
    }
    const asked = new Set<string>();
    const { steps } = heapsort(size, table);
    for (let step = steps.next(); !step.done; step = steps.next()) {
      for (const pair of step.value) asked.add(String(pair));
    }
    worst = Math.max(worst, asked.size);
  }
  return worst;
}

function* permutations(size: number, chosen: number[] = []): Generator<number[]> {
  if (chosen.length === size) yield chosen;
  for (let i = 0; i < size; i++) if (!chosen.includes(i)) yield* permutations(size, [...chosen, i]);
}

describe('plannedCalls', () => {
  it('is the formula of the paper', () => {
    expect(plannedCalls('pointwise-yes', 10)).toEqual({ calls: 10, upperBound: false });
    expect(plannedCalls('rg', 0)).toEqual({ calls: 0, upperBound: false });
    expect(plannedCalls('prp-allpair', 10)).toEqual({ calls: 90, upperBound: false });
    expect(plannedCalls('prp-allpair', 0)).toEqual({ calls: 0, upperBound: false });
    // Pass p compares n − 1 − p neighbours, both orders: 2 · (9 + 8 + 7).
    expect(plannedCalls('prp-sliding', 10, { passes: 3 })).toEqual({ calls: 48, upperBound: true });
    // More passes than n − 1 are all pairs.
    expect(plannedCalls('prp-sliding', 10, { passes: 50 })).toEqual({ calls: 90, upperBound: true });
    expect(plannedCalls('prp-topk', 10, { top: 3 })).toEqual({ calls: 90, upperBound: true });
    expect(plannedCalls('prp-topk', 0)).toEqual({ calls: 0, upperBound: true });
    expect(plannedCalls('prp-heapsort', 0)).toEqual({ calls: 0, upperBound: true });
    expect(plannedCalls('prp-heapsort', 2)).toEqual({ calls: 2, upperBound: true });
  });

  it('bounds heapsort from above, closely, and far below all pairs for long lists', () => {
    for (const size of [1, 2, 3, 4, 5, 6, 7]) {
      const bound = plannedCalls('prp-heapsort', size).calls;
      const worst = worstHeapsort(size);
      expect(bound, `n = ${size}`).toBeGreaterThanOrEqual(worst);
      expect(bound, `n = ${size}`).toBeLessThanOrEqual(1.25 * worst);
    }
    expect(plannedCalls('prp-heapsort', 100).calls).toBeLessThan(
      0.3 * plannedCalls('prp-allpair', 100).calls,
    );
  });

  it('refuses impossible numbers', () => {
    expect(() => plannedCalls('rg', -1)).toThrow(/-1 candidates/);
    expect(() => plannedCalls('prp-sliding', 5, { passes: 0 })).toThrow(/0 passes/);
    expect(() => plannedCalls('prp-topk', 5, { top: 0.5 })).toThrow(/0.5 places/);
  });
});
