import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startOf } from './flip.ts';

const view = { start: 500, end: 1300 };

test('a move on the screen is shown as it is', () => {
  expect(startOf(300, 600, view)).toBe(300);
  expect(startOf(-80, 1200, view)).toBe(-80);
});

test('a row from far off comes in at the edge, one that leaves goes all the way', () => {
  expect(startOf(6000, 600, view)).toBe(1400 - 600);
  expect(startOf(-5000, 1200, view)).toBe(400 - 1200);
  expect(startOf(-6000, 7000, view)).toBe(-6000);
});

test('moves that nobody sees are none', () => {
  expect(startOf(-800, 3000, view)).toBe(0);
  expect(startOf(200, 0, view)).toBe(0);
});

test('never longer than the way itself, never the other way', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), fc.nat(), (offset, is, start, size) => {
      const from = startOf(offset, is, { start, end: start + size });
      expect(Math.abs(from)).toBeLessThanOrEqual(Math.abs(offset));
      expect(from * offset).toBeGreaterThanOrEqual(0);
    }),
  );
});
