import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyJudge, judge } from '../../analysis/testing/judges.ts';
import { tiersOf } from '../../analysis/tournament.ts';
import { nextPointed, placeAfter, tierEnds } from './grid-moves.ts';

const press = (key: string, far = false) => placeAfter({ key, far }, { row: 2, column: 0 }, 10, 4);

describe('keys in the matrix', () => {
  it('move by cells, pages and to the ends, and stay inside', () => {
    expect(press('ArrowDown')).toEqual({ row: 3, column: 0 });
    expect(press('ArrowLeft')).toEqual({ row: 2, column: 0 });
    expect(press('PageDown')).toEqual({ row: 6, column: 0 });
    expect(press('PageUp')).toEqual({ row: 0, column: 0 });
    expect(press('End')).toEqual({ row: 2, column: 9 });
    expect(press('End', true)).toEqual({ row: 9, column: 9 });
    expect(press('ArrowDown', true)).toEqual({ row: 9, column: 0 });
    expect(press('x')).toBeUndefined();
    expect(
      placeAfter({ key: 'ArrowLeft', far: false, alt: true }, { row: 1, column: 1 }, 3, 1),
    ).toBeUndefined();
  });
});

describe('the next cell pointed at', () => {
  const order = [2, 0, 1];
  // By position: (2, 0) is the first row's second cell, (1, 2) the last row's first.
  const pointed = new Set([2 * 3 + 0, 1 * 3 + 2]);
  const first = { row: 0, column: 1 };
  const last = { row: 2, column: 0 };

  it('goes row by row in the order shown, and round', () => {
    expect(nextPointed(pointed, order, undefined, 1)).toEqual(first);
    expect(nextPointed(pointed, order, first, 1)).toEqual(last);
    expect(nextPointed(pointed, order, last, 1)).toEqual(first);
    expect(nextPointed(pointed, order, undefined, -1)).toEqual(last);
    expect(nextPointed(pointed, order, last, -1)).toEqual(first);
    expect(nextPointed(new Set(), order, first, 1)).toBeUndefined();
  });
});

describe('lines between tiers', () => {
  it('part an order by wins, and nothing in one that mixes tiers', () => {
    const pairs = judge(4, (a, b) => (a === 3 ? -1 : b === 3 ? 1 : (b - a + 3) % 3 === 1 ? 1 : -1));
    expect(tierEnds(tiersOf(pairs), [1, 0, 2, 3])).toEqual([2]);
    expect(tierEnds(tiersOf(pairs), [0, 1, 3, 2])).toEqual([]);
  });

  it('stand between every two tiers of an order that has them one after the other', () => {
    fc.assert(
      fc.property(anyJudge(), (pairs) => {
        const tiers = tiersOf(pairs);
        let at = -1;
        const ends = tiers.slice(0, -1).map((tier) => {
          at += tier.length;
          return at;
        });
        expect(tierEnds(tiers, tiers.flat())).toEqual(ends);
      }),
    );
  });
});
