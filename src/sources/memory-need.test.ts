import { expect, it } from 'vitest';
import { memoryNeed } from './memory-need.ts';

it.each([
  [154e6, 0.55e9],
  [495e6, 0.89e9],
  [1566e6, 2.05e9],
])('tells within a tenth what was measured for originals of %d bytes', (bytes, measured) => {
  expect(Math.abs(memoryNeed({ kind: 'original', bytes }) / measured - 1)).toBeLessThan(0.1);
});

it('takes less for what is ready', () => {
  expect(memoryNeed({ kind: 'checkpoint', bytes: 87e6 })).toBeLessThan(
    memoryNeed({ kind: 'pickle', bytes: 308e6 }),
  );
});
