import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeCard } from './place.ts';

const card = { width: 340, height: 180 };
const wide = { width: 1440, height: 900 };

it('stands beside the rail, below a strip, above what lies at the end', () => {
  expect(placeCard({ left: 0, top: 60, width: 292, height: 300 }, card, wide)).toEqual({
    left: 306,
    top: 60,
  });
  expect(placeCard({ left: 292, top: 48, width: 1148, height: 60 }, card, wide)).toEqual({
    left: 292,
    top: 122,
  });
  expect(placeCard({ left: 0, top: 700, width: 1440, height: 200 }, card, wide)).toEqual({
    left: 12,
    top: 506,
  });
});

it('is always wholly in a window that has room for it', () => {
  const length = fc.integer({ min: 0, max: 3000 });
  fc.assert(
    fc.property(
      fc.record({ left: length, top: length, width: length, height: length }),
      length,
      (part, more) => {
        const window = { width: 364 + more, height: 204 + more };
        const { left, top } = placeCard(part, card, window);
        expect(left).toBeGreaterThanOrEqual(12);
        expect(top).toBeGreaterThanOrEqual(12);
        expect(left + card.width).toBeLessThanOrEqual(window.width - 12);
        expect(top + card.height).toBeLessThanOrEqual(window.height - 12);
      },
    ),
  );
});
