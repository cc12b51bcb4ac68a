import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contrasts, paretoFront } from './contrasts.ts';
import { apart } from './drawings.ts';

it('puts the largest difference of either sign first, and leaves out queries that a row lacks', () => {
  const list = contrasts([0.5, 0.1, Number.NaN, 0.9, 0.4], [0.5, 0.8, 0.1, 0.5, 0], 'contrast');
  expect(list.map(({ place }) => place)).toEqual([1, 3, 4, 0]);
  // What the other row lacks is there, behind the differences, the highest first.
  expect(contrasts([1, 3, 2], [Number.NaN, 3, Number.NaN], 'contrast').map(({ place }) => place)).toEqual([
    1, 2, 0,
  ]);
  expect(contrasts([1, 3, 2], [2, 3, 1], 'low', 'losses').map(({ place }) => place)).toEqual([0]);
  expect(contrasts([0.5, 0.1], [0.5, 0.8], 'file').map(({ place }) => place)).toEqual([0, 1]);
});

it('draws the Pareto line through points that none is better than in both', () => {
  const number = fc.integer({ min: 0, max: 6 });
  fc.assert(
    fc.property(fc.array(fc.record({ cost: number, value: number })), (some) => {
      const points = some.map((one, i) => ({ ...one, id: String(i), name: '' }));
      const front = paretoFront(points);
      const beaten = (a: { cost: number; value: number }) =>
        points.some((b) => b.cost <= a.cost && b.value >= a.value && (b.cost < a.cost || b.value > a.value));
      for (const point of front) expect(beaten(point)).toBe(false);
      const key = ({ cost, value }: { cost: number; value: number }) => `${cost} ${value}`;
      const expected = new Set(points.filter((point) => !beaten(point)).map(key));
      expect(new Set(front.map(key))).toEqual(expected);
    }),
  );
});

it('moves names apart, those that stand alone not at all, and a crowd to both sides', () => {
  expect(apart([100, 10])).toEqual([0, 0]);
  expect(apart([50, 50])).toEqual([-7.5, 7.5]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 })), (places) => {
      const at = apart(places)
        .map((offset, i) => places[i]! + offset)
        .sort((a, b) => a - b);
      at.slice(1).forEach((place, i) => {
        expect(place - at[i]!).toBeGreaterThan(15 - 1e-6);
      });
    }),
  );
});
