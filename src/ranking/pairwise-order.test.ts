/** The order that pairwise ranking ends with: a strict judge's own, and ties by the first stage. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairTable } from './pair-table.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, comparing, FakeScorer, seededRandom } from './testing/fake-scorer.ts';
import { byNumber, method, SCHEDULES, sortedBy } from './testing/judges.ts';

const schedule = fc.constantFrom(...SCHEDULES);
const seed = fc.integer({ min: 0, max: 0xffffffff });

describe('with a strict total order behind the comparer', () => {
  const strict = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 14 });

  it.each(['prp-allpair', 'prp-heapsort'] as const)('%s gives that order', async (id) => {
    await fc.assert(
      fc.asyncProperty(strict, seed, async (values, s) => {
        const run = await collect(method(id), candidatesOf(values.map(String)), byNumber(seededRandom(s)));
        expect(run.order).toEqual(sortedBy(values));
      }),
    );
  });

  it('sliding window with k passes gives its top k, and all of it at k ≥ n − 1', async () => {
    await fc.assert(
      fc.asyncProperty(strict, fc.integer({ min: 1, max: 16 }), async (values, passes) => {
        const run = await collect(
          method('prp-sliding', { passes }),
          candidatesOf(values.map(String)),
          byNumber(),
        );
        const top = passes >= values.length - 1 ? values.length : passes;
        expect(run.order.slice(0, top)).toEqual(sortedBy(values).slice(0, top));
      }),
    );
  });

  it('all-pairs scores are Eq. 5: 2(n − 1) down to 0 in steps of 2', async () => {
    const run = await collect(method('prp-allpair'), candidatesOf(['3', '9', '5', '7']), byNumber());
    expect(run.order).toEqual([1, 3, 2, 0]);
    expect(run.scores).toEqual([6, 4, 2, 0]);
  });
});

describe('ties', () => {
  it('fall back to first-stage order in every schedule', async () => {
    const values = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(schedule, values, async (id, numbers) => {
        const run = await collect(
          method(id, { passes: 99, top: 99 }),
          candidatesOf(numbers.map(String)),
          byNumber(),
        );
        expect(run.order).toEqual(sortedBy(numbers));
      }),
    );
  });

  it('a judge that always says A contradicts itself everywhere and changes nothing', async () => {
    for (const id of SCHEDULES) {
      const run = await collect(
        method(id),
        candidatesOf(['a', 'b', 'c', 'd', 'e']),
        new FakeScorer({ answer: comparing(() => 1) }),
      );
      expect(run.order, id).toEqual([0, 1, 2, 3, 4]);
      expect(run.decisions.every((decision) => decision.preference === 1)).toBe(true);
    }
  });

  it('one order equal and the other won is no agreement', () => {
    const table = new PairTable(2);
    table.set(1, 0, 1);
    table.set(0, 1, 0.5);
    expect(table.beats(1, 0)).toBe(false);
    expect(table.beats(0, 1)).toBe(true);
  });

  it('beats decides every pair one way', () => {
    const cell = fc.constantFrom(0 as const, 0.5 as const, 1 as const, undefined);
    fc.assert(
      fc.property(cell, cell, (forward, backward) => {
        const table = new PairTable(2);
        if (forward !== undefined) table.set(0, 1, forward);
        if (backward !== undefined) table.set(1, 0, backward);
        expect(table.beats(0, 1)).not.toBe(table.beats(1, 0));
      }),
    );
  });
});
