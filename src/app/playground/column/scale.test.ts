import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTick, makeScale, position, ticksOf } from './scale.ts';

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

test('labels of the axis do not run into that of zero', () => {
  expect(ticksOf({ min: -0.25, max: 2 }).map((tick) => tick.value)).toEqual([0, 2]);
  expect(ticksOf({ min: -2, max: 4 }).map((tick) => tick.value)).toEqual([-2, 0, 4]);
  expect(ticksOf({ min: 0, max: 18 }).map((tick) => tick.value)).toEqual([0, 18]);
  expect(ticksOf({ min: -4, max: 0 }).map((tick) => tick.value)).toEqual([-4, 0]);
  fc.assert(
    fc.property(fc.array(score, { minLength: 1 }), (scores) => {
      const ticks = ticksOf(makeScale(scores));
      const zero = ticks.find((tick) => tick.value === 0)!;
      for (const tick of ticks.filter((one) => one !== zero))
        expect(Math.abs(tick.at - zero.at)).toBeGreaterThan(formatTick(tick.value).length * 0.03);
    }),
  );
});
