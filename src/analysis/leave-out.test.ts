import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, sanityOf, weigh, without } from './leave-out.ts';

describe('pieces of a text', () => {
  it('are sentences with the white space after them, and words with their signs', () => {
    const text = 'Chains need oil. Wax lasts longer!  It costs 5.50 pounds.';
    const cut = (unit: 'sentence' | 'word') =>
      piecesOf(text, unit).map(({ start, end }) => text.slice(start, end));
    expect(cut('sentence')).toEqual(['Chains need oil. ', 'Wax lasts longer!  ', 'It costs 5.50 pounds.']);
    expect(cut('word').slice(0, 4)).toEqual(['Chains ', 'need ', 'oil. ', 'Wax ']);
    expect(without(text, piecesOf(text, 'sentence')[1]!)).toBe('Chains need oil. It costs 5.50 pounds.');
  });

  it('are the whole text, in order, none empty', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('sentence' as const, 'word' as const),
        (text, unit) => {
          const pieces = piecesOf(text, unit);
          expect(pieces.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
          for (const { start, end } of pieces) expect(end).toBeGreaterThan(start);
        },
      ),
    );
  });
});

it('weighs pieces by how far the answer moves without them', () => {
  // A judge that counts letters: each piece is worth its own.
  const text = 'Aa bb. Cccc.';
  const judge = (passage: string) => passage.replaceAll(/\W/g, '').length;
  const pieces = piecesOf(text, 'sentence');
  const weighed = weigh(
    pieces,
    judge(text),
    pieces.map((piece) => judge(without(text, piece))),
  );
  expect(weighed.map(({ weight }) => weight)).toEqual([4, 4]);
  expect(sanityOf(weighed, judge(text), judge(''))).toEqual({ sum: 8, all: 8 });
});
