/** Listwise: windows of RankGPT, answers read and repaired as its code does, and a perfect top with a perfect writer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from './cache.ts';
import { createMethod, type MethodOptions } from './create-method.ts';
import { windowsOf } from './listwise.ts';
import { readPermutation } from './permutation.ts';
import { plannedCalls } from './planned-calls.ts';
import { CONVERSATION_LISTWISE, RANK_GPT } from './presets.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf } from './testing/fake-scorer.ts';
import { isPermutation, sortedBy } from './testing/judges.ts';
import { writerOf } from './testing/writer.ts';

const method = (options: Partial<MethodOptions> = {}) =>
  createMethod('listwise', { template: RANK_GPT, ...options });

/** The numbers that the prompt gives its passages, each with its text, which is a number too. */
const passagesIn = (prompt: string): [number, number][] =>
  [...prompt.matchAll(/^\[(\d+)\]:? (\d+)$/gm)].map(([, number, text]) => [Number(number), Number(text)]);

const perfect = (prompt: string): string =>
  passagesIn(prompt)
    .toSorted((a, b) => b[1] - a[1])
    .map(([number]) => `[${number}]`)
    .join(' > ');

const window = fc.integer({ min: 2, max: 8 }).chain((size) =>
  fc.record({
    window: fc.constant(size),
    step: fc.integer({ min: 1, max: size - 1 }),
    repeats: fc.integer({ min: 1, max: 3 }),
  }),
);
const strict = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 25 });

describe('with a writer that is always right', () => {
  it('each pass settles window − step more places', async () => {
    await fc.assert(
      fc.asyncProperty(strict, window, async (values, choices) => {
        const run = await collect(method(choices), candidatesOf(values.map(String)), writerOf(perfect));
        expect(run.error).toBeUndefined();
        const settled = choices.repeats * (choices.window - choices.step);
        expect(run.order.slice(0, settled)).toEqual(sortedBy(values).slice(0, settled));
        expect(run.listed.every(({ malformed }) => !malformed)).toBe(true);
        expect(run.totals!.asked + run.totals!.cached).toBe(
          plannedCalls('listwise', values.length, choices).calls,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('one window over all is the whole order, with the scores of Eq. 6', async () => {
    const run = await collect(
      method({ window: 20, step: 10 }),
      candidatesOf(['3', '9', '5']),
      writerOf(perfect),
    );
    expect(run.order).toEqual([1, 2, 0]);
    expect(run.scores).toEqual([1, 1 / 2, 1 / 3]);
    expect(run.listed).toEqual([
      expect.objectContaining({
        shown: [0, 1, 2],
        order: [1, 2, 0],
        text: '[2] > [3] > [1]',
        malformed: false,
      }),
    ]);
  });

  it('the best alone is enough where a wording asks for no more', async () => {
    const best = (prompt: string) => `Answer: ${passagesIn(prompt).toSorted((a, b) => b[1] - a[1])[0]![0]}`;
    const asked = { template: CONVERSATION_LISTWISE, window: 9, step: 4 };
    const run = await collect(
      createMethod('listwise', asked),
      candidatesOf(['3', '1', '9', '5']),
      writerOf(best),
    );
    expect(run.order).toEqual([2, 0, 1, 3]);
    expect(run.listed[0]!.malformed).toBe(false);
  });
});

describe('answers', () => {
  it.each([
    ['[2] > [3] > [1]', [1, 2, 0], false],
    ['2, 1, 3', [1, 0, 2], false],
    ['[3] > [1]', [2, 0, 1], true],
    ['[2] > [2] > [1] > [3]', [1, 0, 2], true],
    ['[4] > [1] > [0] > [2] > [3]', [0, 1, 2], true],
    ['I cannot say.', [0, 1, 2], true],
    ['', [0, 1, 2], true],
    ['[99999999999999999999999] > [3] > [2] > [1]', [2, 1, 0], true],
  ])('%s', (text, order, malformed) => {
    expect(readPermutation(text, 3)).toMatchObject({ order, malformed });
  });

  it('of one number are whole where one was asked for', () => {
    expect(readPermutation('Answer: 2.', 3, 'best')).toMatchObject({ order: [1, 0, 2], malformed: false });
    expect(readPermutation('2 or 3', 3, 'best')).toMatchObject({ order: [1, 2, 0], malformed: true });
    expect(readPermutation('none', 3, 'best')).toMatchObject({ order: [0, 1, 2], malformed: true });
  });

  it('of any text are repaired to a permutation, and what is well formed is not touched', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(12), (text, shown) => {
        expect(isPermutation(readPermutation(text, shown).order, shown)).toBe(true);
      }),
    );
    const orders = fc
      .nat(12)
      .chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(orders, (order) => {
        const text = order.map((position) => `[${position + 1}]`).join(' > ');
        expect(readPermutation(text, order.length)).toMatchObject({ order, malformed: false });
      }),
    );
  });

  it('that are malformed are counted, and the ranking stays a permutation', async () => {
    const pieces = fc.array(fc.constantFrom('[1]', '[2]', '[7]', ' > ', 'x', '3', '[2', '\u00b2'), {
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(15),
        window,
        fc.array(pieces, { minLength: 1 }),
        async (n, choices, answers) => {
          let next = 0;
          const writer = writerOf(() => answers[next++ % answers.length]!.join(''));
          const texts = Array.from({ length: n }, (_, i) => `p${i}`);
          const run = await collect(method(choices), candidatesOf(texts), writer);
          expect(run.error).toBeUndefined();
          expect(isPermutation(run.order, n)).toBe(true);
          for (const { shown, order, text, malformed } of run.listed) {
            expect(order.toSorted()).toEqual(shown.toSorted());
            expect(malformed).toBe(readPermutation(text!, shown.length).malformed);
          }
        },
      ),
    );
  });
});

describe('windows', () => {
  it('go from the bottom to the top, and the last begins there', () => {
    const at = (n: number, size: number, step: number) =>
      windowsOf(n, { window: size, step }).map(({ start, end }) => [start, end]);
    expect(at(100, 20, 10).slice(0, 2)).toEqual([
      [80, 100],
      [70, 90],
    ]);
    expect(at(100, 20, 10)).toHaveLength(9);
    expect(at(5, 4, 2)).toEqual([
      [1, 5],
      [0, 3],
    ]);
    expect(at(3, 20, 10)).toEqual([[0, 3]]);
    expect(at(1, 4, 2)).toEqual([]);
  });

  it('that do not move by less than their size are refused before anything is asked', async () => {
    const writer = writerOf(perfect);
    const run = await collect(method({ window: 4, step: 4 }), candidatesOf(['1', '2']), writer);
    expect(run.error).toMatchObject({ code: 'bad-input', message: expect.stringContaining('steps of 4') });
    expect(writer.asked).toEqual([]);
  });

  it('that an earlier pass has left as they were are not asked again', async () => {
    const cache = new ComparisonCache();
    const candidates = candidatesOf(['9', '8', '7', '6', '5']);
    const run = await collect(method({ cache, repeats: 3 }), candidates, writerOf(perfect));
    expect(run.totals).toMatchObject({ asked: 2, cached: 4 });
    const again = await collect(method({ cache }), candidates, writerOf(perfect));
    expect(again.totals).toMatchObject({ asked: 0, cached: 2 });
  });
});
