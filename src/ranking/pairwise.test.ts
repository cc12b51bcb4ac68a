import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from './cache.ts';
import { createMethod, type MethodOptions } from './methods.ts';
import { PairTable } from './pair-table.ts';
import { plannedCalls } from './planned-calls.ts';
import { PRP } from './presets.ts';
import { allPairsOrder } from './schedules/all-pairs.ts';
import { slidingWindow } from './schedules/sliding-window.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, comparing, FakeScorer, seededRandom } from './testing/fake-scorer.ts';
import type { MethodId } from './types.ts';

const SCHEDULES = ['prp-allpair', 'prp-heapsort', 'prp-sliding'] as const;
const schedule = fc.constantFrom(...SCHEDULES);
const seed = fc.integer({ min: 0, max: 0xffffffff });

function method(id: MethodId, options: Partial<MethodOptions> = {}) {
  return createMethod(id, { template: PRP, ...options });
}

/** A scorer for which the passage with the larger number wins, equal numbers give equal logits. */
function byNumber(random?: () => number) {
  return new FakeScorer({ answer: comparing((a, b) => Number(a) - Number(b)), random });
}

/** Any judge at all: each ordered pair of texts has its own arbitrary, repeatable answer. */
function arbitrary(judge: number, random?: () => number, onBatch?: () => void) {
  const answer = comparing((a, b) => Math.floor(seededRandom(judge ^ hash(`${a}/${b}`))() * 3) - 1);
  return new FakeScorer({ answer, random, onBatch });
}

function hash(text: string): number {
  return [...text].reduce((sum, unit) => Math.imul(sum, 31) + unit.charCodeAt(0), 7);
}

function isPermutation(order: readonly number[], size: number): boolean {
  return order.length === size && new Set(order).size === size && order.every((i) => i >= 0 && i < size);
}

/** Indices by value, highest first, equal values in first-stage order. */
function sortedBy(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((a, b) => values[b]! - values[a]! || a - b);
}

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
        const run = await collect(method(id, { passes: 99 }), candidatesOf(numbers.map(String)), byNumber());
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

describe('with any comparer', () => {
  it('ends with a permutation within the planned calls, and every ranking on the way is one', async () => {
    await fc.assert(
      fc.asyncProperty(
        schedule,
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 1, max: 20 }),
        seed,
        async (id, size, passes, s) => {
          const candidates = candidatesOf(Array.from({ length: size }, (_, i) => `t${i}`));
          const scorer = arbitrary(s, seededRandom(s));
          const run = await collect(method(id, { passes }), candidates, scorer);
          expect(run.error).toBeUndefined();
          expect(run.events[0]).toEqual({ type: 'planned', ...plannedCalls(id, size, passes) });
          expect(run.events.at(-1)!.type).toBe('done');
          for (const order of run.orders) expect(isPermutation(order, size)).toBe(true);
          expect(run.orders.length).toBeGreaterThan(0);
          expect(run.totals!.asked).toBe(scorer.total);
          expect(run.totals!.asked).toBeLessThanOrEqual(run.planned);
          if (id === 'prp-allpair') expect(run.totals!.asked).toBe(run.planned);
          expect(Math.max(0, ...scorer.asked.values())).toBeLessThanOrEqual(1);
          expect(run.decisions).toHaveLength(run.totals!.asked + run.totals!.cached);
        },
      ),
    );
  });

  it('follows every batch of decisions with a ranking', async () => {
    const run = await collect(
      method('prp-heapsort'),
      candidatesOf(['4', '1', '3', '2']),
      byNumber(seededRandom(3)),
    );
    run.events.forEach((event, i) => {
      if (event.type === 'decided') expect(run.events[i + 1]!.type).toBe('ranking');
    });
  });

  it('heapsort and sliding window ask both orders of a pair in one call', async () => {
    for (const [id, pairs] of [
      ['prp-heapsort', 1],
      ['prp-sliding', 3],
    ] as const) {
      const scorer = byNumber();
      await collect(method(id, { passes: 3 }), candidatesOf(['1', '5', '2', '4', '3', '6', '0']), scorer);
      const sizes = scorer.calls.map((call) => call.prompts);
      expect(
        sizes.every((size) => size % 2 === 0),
        id,
      ).toBe(true);
      expect(Math.max(...sizes), id).toBeLessThanOrEqual(2 * pairs);
    }
  });

  it('all-pairs asks everything in one call', async () => {
    const scorer = byNumber(seededRandom(1));
    await collect(method('prp-allpair'), candidatesOf(['1', '5', '2']), scorer);
    expect(scorer.calls.map((call) => call.prompts)).toEqual([6]);
  });

  it('overlapping passes give what one pass after the other gives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 14 }),
        seed,
        (size, passes, s) => {
          const random = seededRandom(s);
          const table = new PairTable(size);
          for (let a = 0; a < size; a++) {
            for (let b = 0; b < size; b++) if (a !== b) table.set(a, b, random() < 0.5 ? 1 : 0);
          }
          const run = slidingWindow(size, table, passes);
          const compared: string[] = [];
          for (let step = run.steps.next(); !step.done; step = run.steps.next()) {
            compared.push(...step.value.map(String));
          }
          const list = Array.from({ length: size }, (_, i) => i);
          const expected: string[] = [];
          for (let pass = 0; pass < passes; pass++) {
            for (let j = size - 1; j > pass; j--) {
              const [upper, lower] = [list[j - 1]!, list[j]!];
              expected.push(String([lower, upper]), String([upper, lower]));
              if (table.beats(lower, upper)) [list[j - 1], list[j]] = [lower, upper];
            }
          }
          expect(run.ranking().order).toEqual(list);
          expect(compared.toSorted()).toEqual(expected.toSorted());
        },
      ),
    );
  });
});

describe('cancel', () => {
  it('leaves a valid partial state that a second run completes without asking anything twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        schedule,
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 0, max: 30 }),
        seed,
        async (id, size, batchesBefore, s) => {
          const candidates = candidatesOf(Array.from({ length: size }, (_, i) => `t${i}`));
          const whole = await collect(method(id, { passes: 3 }), candidates, arbitrary(s));
          const cache = new ComparisonCache();
          const controller = new AbortController();
          let batches = 0;
          const scorer = arbitrary(s, seededRandom(s), () => {
            if (++batches > batchesBefore) controller.abort();
          });
          const first = await collect(
            method(id, { passes: 3, cache }),
            candidates,
            scorer,
            controller.signal as AbortSignal,
          );
          if (first.error) expect(first.error).toMatchObject({ code: 'cancelled' });
          else expect(first.totals).toBeDefined();
          for (const order of first.orders) expect(isPermutation(order, size)).toBe(true);
          // Everything that was asked is both reported and kept.
          expect(first.decisions).toHaveLength(scorer.total);
          expect(cache.size).toBe(scorer.total);

          const second = await collect(method(id, { passes: 3, cache }), candidates, scorer);
          expect(second.order).toEqual(whole.order);
          expect(second.scores).toEqual(whole.scores);
          expect(Math.max(...scorer.asked.values())).toBe(1);
          expect(second.totals!.asked + second.totals!.cached).toBe(whole.totals!.asked);
          expect(second.decisions.filter((decision) => decision.cached)).toHaveLength(second.totals!.cached);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('throws before anything is asked when the signal is aborted already', async () => {
    const controller = new AbortController();
    controller.abort();
    const scorer = byNumber();
    const run = await collect(method('prp-allpair'), candidatesOf(['1', '2']), scorer, controller.signal);
    expect(run.error).toMatchObject({ code: 'cancelled' });
    expect(run.events).toEqual([]);
    expect(scorer.calls).toEqual([]);
  });

  it("turns a scorer's AbortError into our own", async () => {
    const scorer = new FakeScorer({
      answer: comparing(() => 1),
      onBatch: () => {
        throw new DOMException('stop', 'AbortError');
      },
    });
    const run = await collect(method('prp-allpair'), candidatesOf(['1', '2']), scorer);
    expect(run.error).toMatchObject({ name: 'RankscopeError', code: 'cancelled' });
  });
});

describe('the comparison cache', () => {
  it('is shared by the schedules, and says what it answered', async () => {
    const cache = new ComparisonCache();
    const candidates = candidatesOf(['3', '1', '4', '2']);
    const scorer = byNumber();
    const first = await collect(method('prp-allpair', { cache }), candidates, scorer);
    expect(first.totals).toMatchObject({ planned: 12, asked: 12, cached: 0 });
    expect(first.decisions.some((decision) => decision.cached)).toBe(false);

    const again = await collect(method('prp-heapsort', { cache }), candidates, scorer);
    expect(again.totals).toMatchObject({ asked: 0, tokens: 0 });
    expect(again.totals!.cached).toBe(again.decisions.length);
    expect(again.order).toEqual([2, 0, 3, 1]);
    expect(scorer.total).toBe(12);
    // Stored milliseconds and tokens, as measured when they were asked.
    const key = ({ a, b }: { a: number; b: number }) => `${a},${b}`;
    const stored = new Map(first.decisions.map((decision) => [key(decision), decision]));
    for (const decision of again.decisions) {
      expect(decision).toEqual({ ...stored.get(key(decision)), cached: true });
    }
  });

  it('asks only what is new after an edit of one passage', async () => {
    const cache = new ComparisonCache();
    const scorer = byNumber();
    await collect(method('prp-allpair', { cache }), candidatesOf(['3', '1', '4', '2']), scorer);
    const edited = await collect(
      method('prp-allpair', { cache }),
      candidatesOf(['3', '9', '4', '2']),
      scorer,
    );
    expect(edited.totals).toMatchObject({ asked: 6, cached: 6 });
    expect(edited.order).toEqual([1, 2, 0, 3]);
  });

  it('asks identical passages once and decides all their pairs', async () => {
    const scorer = byNumber(seededRandom(5));
    const run = await collect(method('prp-allpair'), candidatesOf(['1', '7', '7', '7']), scorer);
    expect(run.order).toEqual([1, 2, 3, 0]);
    expect(run.decisions).toHaveLength(12);
    // (1,7), (7,1) and (7,7): three different prompts.
    expect(run.totals).toMatchObject({ planned: 12, asked: 3, cached: 9 });
  });
});

describe('decisions', () => {
  it('carry logits, tokens, the share of the batch time and merged cuts', async () => {
    const long = Array.from({ length: 120 }, () => 'word').join(' ');
    const scorer = new FakeScorer({ answer: comparing((a, b) => a.length - b.length), keepUnits: 40 });
    const { decisions } = await collect(method('prp-allpair'), candidatesOf(['short', long]), scorer);
    const [first, second] = decisions;
    expect(first).toMatchObject({
      a: 0,
      b: 1,
      logitA: 5 - 499,
      logitB: 499 - 5,
      preference: 0,
      ms: 2,
      cached: false,
    });
    expect(first!.cuts).toEqual([{ slot: 'passage_b', kept: 40, total: long.length }]);
    expect(second!.cuts).toEqual([{ slot: 'passage_a', kept: 40, total: long.length }]);
    expect(first!.tokens).toBeGreaterThan(500);
  });

  it('keep their cuts in the cache', async () => {
    const cache = new ComparisonCache();
    const scorer = new FakeScorer({ answer: comparing(() => 1), keepUnits: 3 });
    const candidates = candidatesOf(['short', 'shorter']);
    const first = await collect(method('prp-allpair', { cache }), candidates, scorer);
    const second = await collect(method('prp-allpair', { cache }), candidates, scorer);
    expect(second.decisions.map(({ cuts }) => cuts)).toEqual(first.decisions.map(({ cuts }) => cuts));
    expect(first.decisions[0]!.cuts).toHaveLength(2);
  });
});

describe('all-pairs order', () => {
  it('has every ordered pair once, both orders side by side, evenly spread over the candidates', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), (size) => {
        const pairs = allPairsOrder(size);
        expect(new Set(pairs.map(String)).size).toBe(size < 2 ? 0 : size * (size - 1));
        expect(pairs).toHaveLength(size < 2 ? 0 : size * (size - 1));
        const shown = new Array<number>(size).fill(0);
        pairs.forEach(([a, b], i) => {
          expect(a).not.toBe(b);
          if (i % 2 === 1) expect(pairs[i - 1]).toEqual([b, a]);
          shown[a]!++;
          shown[b]!++;
          // A round gives each candidate four places; nobody is ever more than a round ahead.
          expect(Math.max(...shown) - Math.min(...shown)).toBeLessThanOrEqual(4);
        });
      }),
    );
  });

  it('counts a decision not yet made as one half', async () => {
    const table = new PairTable(3);
    table.set(2, 0, 1);
    const { rankByPairs } = await import('./schedules/all-pairs.ts');
    expect(rankByPairs(table)).toEqual({ order: [2, 1, 0], scores: [2.5, 2, 1.5] });
  });
});
