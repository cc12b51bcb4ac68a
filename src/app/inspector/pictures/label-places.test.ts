import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelPlaces } from './label-places.ts';

it('leaves places that are far enough apart, and moves the others as little as needed', () => {
  expect(labelPlaces([100, 10, 50], 15, 200)).toEqual([100, 10, 50]);
  expect(labelPlaces([50, 52], 15, 200)).toEqual([50, 65]);
  expect(labelPlaces([198, 199], 15, 200)).toEqual([185, 200]);
});

it('keeps their order, their distance and the room', () => {
  const places = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(places, (some) => {
      const moved = labelPlaces(some, 15, 200);
      const sorted = [...moved].sort((x, y) => x - y);
      for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(15);
      for (const [i, one] of some.entries()) {
        for (const [j, other] of some.entries()) if (one < other) expect(moved[i]!).toBeLessThan(moved[j]!);
      }
      expect(sorted[0]!).toBeGreaterThanOrEqual(0);
      expect(sorted.at(-1)!).toBeLessThanOrEqual(200);
    }),
  );
});
