import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeScale, position } from './scale.ts';

const score = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('holds zero and every score, in order', () => {
  fc.assert(
    fc.property(fc.array(score, { minLength: 1 }), (scores) => {
      const scale = makeScale(scores);
      expect(scale.min).toBeLessThanOrEqual(0);
      expect(scale.max).toBeGreaterThanOrEqual(0);
      for (const s of scores) {
        expect(s).toBeGreaterThanOrEqual(scale.min * (1 + 1e-6));
        expect(s).toBeLessThanOrEqual(scale.max * (1 + 1e-6) + 1e-12);
      }
      const sorted = [...scores].sort((a, b) => a - b).map((s) => position(scale, s));
      expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
    }),
  );
});

test('holds scores that are almost zero', () => {
  expect(makeScale([-5e-324])).toEqual({ min: -1e-12, max: 0 });
  expect(makeScale([5e-324, 1e-20])).toEqual({ min: 0, max: 1e-12 });
});

test('does not waste more than about half of its length on positive scores', () => {
  expect(makeScale([9.41, 3])).toEqual({ min: 0, max: 10 });
  expect(makeScale([4.21, -1.8])).toEqual({ min: -2, max: 5 });
});

test('a fixed maximum stays, whatever the scores', () => {
  expect(makeScale([0.5, 3], 18)).toEqual({ min: 0, max: 18 });
});

test('scores that are not known yet do not count, and no score at all still gives a scale', () => {
  expect(makeScale([Number.NaN, Number.NEGATIVE_INFINITY, 2])).toEqual({ min: 0, max: 2 });
  expect(makeScale([])).toEqual({ min: 0, max: 1 });
});
