import { expect, it } from 'vitest';
import { figure, movedIn, movedText, movedWords, placesFrom, ruleTitle } from './rule-words.ts';

it('tells who changes places, and how far', () => {
  const placed = placesFrom([2, 0, 1, 3], [0, 1, 2, 3]);
  expect(placed.map(({ moved }) => moved)).toEqual([2, -1, -1, 0]);
  expect(movedIn(placed)).toBe(3);
  expect(placed.map(({ moved }) => movedText(moved))).toEqual(['↑2', '↓1', '↓1', '']);
  expect(movedWords(2)).toBe('2 up');
  expect(movedWords(0)).toBe('same place');
});

it('names a schedule with the choice it was replayed with', () => {
  expect(ruleTitle('sliding', { passes: 1, top: 3 })).toBe('Sliding window, 1 pass');
  expect(ruleTitle('topk', { passes: 1, top: 3 })).toBe('Exact top k, k = 3');
  expect(ruleTitle('copeland', { passes: 1, top: 3 })).toBe('Copeland (hard wins)');
});

it('writes figures as the page does', () => {
  expect([0.8312, 1, -0.25, undefined, Number.NaN].map((value) => figure(value))).toEqual([
    '.831',
    '1.000',
    '−.250',
    '–',
    '–',
  ]);
});
