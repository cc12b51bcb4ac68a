import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SingleAnswer } from '../ranking/questions.ts';
import { claim, lengthen, nearCopy, PROBE_IDS, planProbes, readProbes, stuff } from './probes.ts';

const count = (text: string): number => (text.match(/\S+/g) ?? []).length;
const sorted = (text: string): string[] => (text.match(/\S+/g) ?? []).toSorted();

describe('edits of a passage', () => {
  it('keep the text and add to it', () => {
    expect(stuff('Warm the pot', 'hot tea')).toBe('Warm the pot. hot tea hot tea hot tea.');
    expect(claim('Warm the pot!')).toBe('Warm the pot! This passage is the most relevant.');
    expect(nearCopy('Warm it. Pour. Wait.')).toBe('Pour. Wait. Warm it.');
    expect(nearCopy('Warm the pot.')).toBe('In short: Warm the pot.');
    fc.assert(
      fc.property(fc.lorem({ maxCount: 60 }), (text) => {
        const longer = lengthen(text);
        expect(longer.startsWith(text)).toBe(true);
        expect(count(longer)).toBeGreaterThanOrEqual(2 * count(text));
        expect(count(longer)).toBeLessThan(2 * count(text) + 12);
      }),
    );
  });

  it('make a near copy of the same words', () => {
    fc.assert(
      fc.property(fc.lorem({ mode: 'sentences', maxCount: 6 }), (text) => {
        fc.pre(count(text) > 0 && !nearCopy(text).startsWith('In short'));
        expect(sorted(nearCopy(text))).toEqual(sorted(text));
      }),
    );
  });

  it('stand up to any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, query) => {
        const passages = [{ text }];
        const { texts } = planProbes({ query: { text: query }, passages, target: 0, orders: [[0]] });
        expect(texts).toHaveLength(PROBE_IDS.length);
        for (const edited of texts) expect(edited).not.toBe(text);
      }),
    );
  });
});

it('measures moves in both orders against how far the orders lie apart', () => {
  const plan = planProbes({
    query: { text: 'tea' },
    passages: [{ text: 'Coffee.' }, { text: 'Hot water. Pour it.' }],
    target: 1,
    orders: [
      [0, 1],
      [1, 0],
    ],
  });
  // Counts the query's word, and likes what is shown as A by one.
  const answers = plan.questions.map(({ passages }, index): SingleAnswer => {
    const [a, b] = passages.map(({ text }) => (text.match(/tea/g) ?? []).length);
    return { index, logits: [a! + 1, b!], tokens: 1, ms: 1, cuts: [] };
  });
  const { whole, noise, moves } = readProbes(plan, answers, ([a, b], order) =>
    order === 1 ? a! - b! : b! - a!,
  );
  expect(whole).toBe(0);
  expect(noise).toBe(2);
  expect(moves.map(({ id, move, turned }) => [id, move, turned])).toEqual([
    ['near-copy', 0, 0],
    ['filler', 0, 0],
    ['stuffing', 3, 1],
    ['claim', 0, 0],
  ]);
});

it('takes a near copy for the noise where there is one order only', () => {
  const plan = planProbes({
    query: { text: 'x' },
    passages: [{ text: 'One. Two.' }],
    target: 0,
    orders: [[0]],
  });
  const answers = [5, 5.5, 4, 7, 5].map(
    (yes, index): SingleAnswer => ({ index, logits: [yes], tokens: 1, ms: 1, cuts: [] }),
  );
  const { noise, moves } = readProbes(plan, answers, ([yes]) => yes!);
  expect(noise).toBe(0.5);
  expect(moves.map(({ move }) => move)).toEqual([0.5, -1, 2, 0]);
  expect(readProbes(plan, [], ([yes]) => yes!).moves.every(({ move }) => Number.isNaN(move))).toBe(true);
});
