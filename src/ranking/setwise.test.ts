/** Setwise: with a judge that is always right the top is perfect, every answer is asked once, and no plan is exceeded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from './cache.ts';
import { createMethod, type MethodOptions } from './create-method.ts';
import { plannedCalls } from './planned-calls.ts';
import { SETWISE } from './presets.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, FakeScorer, seededRandom } from './testing/fake-scorer.ts';
import { isPermutation, sortedBy } from './testing/judges.ts';

const IDS = ['setwise-heapsort', 'setwise-bubblesort'] as const;
const id = fc.constantFrom(...IDS);
const setSize = fc.integer({ min: 2, max: 7 });
const top = fc.integer({ min: 1, max: 16 });
const strict = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 25 });
const seed = fc.integer({ min: 0, max: 0xffffffff });

const method = (name: (typeof IDS)[number], options: Partial<MethodOptions> = {}) =>
  createMethod(name, { template: SETWISE, ...options });

/** Logits of the labels in the order shown. */
const perSlot =
  (score: (text: string, place: number) => number) =>
  (slots: Readonly<Record<string, string>>): readonly number[] =>
    Object.keys(slots)
      .filter((slot) => slot.startsWith('passage_'))
      .map((slot, place) => score(slots[slot]!, place));

const byNumber = (random?: () => number) => new FakeScorer({ answer: perSlot(Number), random });

describe('with a judge that is always right', () => {
  it('the first places are the best, in order', async () => {
    await fc.assert(
      fc.asyncProperty(id, strict, setSize, top, seed, async (name, values, size, places, s) => {
        const run = await collect(
          method(name, { setSize: size, top: places }),
          candidatesOf(values.map(String)),
          byNumber(seededRandom(s)),
        );
        expect(run.error).toBeUndefined();
        expect(isPermutation(run.order, values.length)).toBe(true);
        expect(run.order.slice(0, places)).toEqual(sortedBy(values).slice(0, places));
        expect(run.scores).toEqual(values.map((_, place) => values.length - place));
      }),
      { numRuns: 150 },
    );
  });
});

describe('with any judge', () => {
  it('no plan is exceeded, no set is asked twice, and every winner was shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        id,
        fc.integer({ min: 0, max: 20 }),
        setSize,
        top,
        seed,
        async (name, n, size, places, s) => {
          const random = seededRandom(s);
          const scorer = new FakeScorer({ answer: perSlot(() => Math.floor(random() * 3)), random });
          const choices = { setSize: size, top: places };
          const texts = Array.from({ length: n }, (_, i) => `p${i}`);
          const run = await collect(method(name, choices), candidatesOf(texts), scorer);
          expect(run.error).toBeUndefined();
          expect(isPermutation(run.order, n)).toBe(true);
          expect(run.totals!.asked + run.totals!.cached).toBeLessThanOrEqual(
            plannedCalls(name, n, choices).calls,
          );
          expect(Math.max(0, ...scorer.asked.values())).toBeLessThanOrEqual(1);
          for (const { shown, winner, logits } of run.compared) {
            expect(shown.length).toBeGreaterThan(1);
            expect(shown.length).toBeLessThanOrEqual(size);
            expect(new Set(shown).size).toBe(shown.length);
            expect(shown).toContain(winner);
            expect(logits).toHaveLength(shown.length);
            expect(logits![shown.indexOf(winner)]).toBe(Math.max(...logits!));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('a second run over the same cache asks nothing', async () => {
    const cache = new ComparisonCache();
    const candidates = candidatesOf([...'3142756'].map(String));
    for (const name of IDS) {
      await collect(method(name, { cache }), candidates, byNumber());
      const again = byNumber();
      const run = await collect(method(name, { cache }), candidates, again);
      expect(again.total).toBe(0);
      expect(run.totals!.asked).toBe(0);
      expect(run.order.slice(0, 3)).toEqual([4, 6, 5]);
    }
  });

  it('equal logits leave the first stage’s order', async () => {
    for (const name of IDS) {
      const run = await collect(
        method(name),
        candidatesOf([...'abcdefgh']),
        new FakeScorer({ answer: perSlot(() => 0) }),
      );
      if (name === 'setwise-bubblesort') expect(run.order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(run.order[0]).toBe(0);
    }
  });
});

describe('plans', () => {
  it('grow with the list and the places, and fall with the size of a set', () => {
    expect(plannedCalls('setwise-heapsort', 100, { setSize: 3, top: 10 })).toEqual({
      calls: 151,
      upperBound: true,
    });
    // ⌈99 / 2⌉ + ⌈98 / 2⌉ + … ten passes.
    expect(plannedCalls('setwise-bubblesort', 100, { setSize: 3, top: 10 })).toEqual({
      calls: 475,
      upperBound: true,
    });
    expect(plannedCalls('setwise-heapsort', 3, { setSize: 3, top: 1 }).calls).toBe(1);
    expect(plannedCalls('setwise-bubblesort', 2, { setSize: 9 }).calls).toBe(1);
  });

  it('refuse sets of one, and more passages than there are labels, before anything is asked', async () => {
    expect(() => method('setwise-heapsort', { setSize: 1 })).toThrow(/set cannot have 1 passages; .* from 2/);
    const scorer = byNumber();
    const template = { ...SETWISE, labels: ['A', 'B'] };
    const run = await collect(
      createMethod('setwise-heapsort', { template }),
      candidatesOf(['1', '2', '3']),
      scorer,
    );
    expect(run.error).toMatchObject({ code: 'bad-input', message: expect.stringContaining('has 2 labels') });
    expect(scorer.total).toBe(0);
  });

  it('are kept to by prompts whose labels are those of the passages shown', async () => {
    const scorer = byNumber();
    const score = scorer.score.bind(scorer);
    const seen: (readonly string[])[] = [];
    scorer.score = (prompts, options) => {
      seen.push(...prompts.map(({ labels }) => labels));
      return score(prompts, options);
    };
    await collect(method('setwise-heapsort', { setSize: 4 }), candidatesOf([...'12345678']), scorer);
    expect(seen[0]).toEqual(['A', 'B', 'C', 'D'].slice(0, seen[0]!.length));
    expect(new Set(seen.map(({ length }) => length))).toEqual(new Set([2, 3, 4]));
  });
});
