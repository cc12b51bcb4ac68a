import { expect, test } from 'vitest';
import { cutsInText, spansWithin } from './cuts.ts';

test('cuts are placed in the text without its title, in order', () => {
  const placed = cutsInText(
    [
      { by: 'student', kept: 50, total: 110 },
      // Asked in a wording that labels title and text.
      { by: 'teacher', kept: 46, total: 126 },
    ],
    100,
  );
  expect(placed.map((cut) => [cut.by, cut.at])).toEqual([
    ['teacher', 20],
    ['student', 40],
  ]);
});

test('a cut inside the title leaves nothing of the text', () => {
  expect(cutsInText([{ by: 'teacher', kept: 4, total: 110 }], 100)[0]?.at).toBe(0);
});

test('a mark across a cut is shown on both sides of it', () => {
  const spans = [{ start: 3, end: 9 }];
  expect(spansWithin(spans, 0, 5)).toEqual([{ start: 3, end: 5 }]);
  expect(spansWithin(spans, 5, 20)).toEqual([{ start: 0, end: 4 }]);
  expect(spansWithin(spans, 9, 20)).toEqual([]);
});
