import { expect, test } from 'vitest';
import { formatBytes, formatEstimate, formatMs, formatShare } from './numbers.ts';

test('times change their unit where a reader would', () => {
  expect([1.84, 9.94, 9.96, 310.4, 999.4, 999.6, 4860, 59_990, 59_996, 125_000].map(formatMs)).toEqual([
    '1.8 ms',
    '9.9 ms',
    '10 ms',
    '310 ms',
    '999 ms',
    '1.00 s',
    '4.86 s',
    '59.99 s',
    '1 min 00 s',
    '2 min 05 s',
  ]);
});

test('sizes never show four digits or a needless one', () => {
  expect([0, 812, 999.6, 5_200, 9_960, 61_400_000, 999_600].map(formatBytes)).toEqual([
    '0 B',
    '812 B',
    '1.0 kB',
    '5.2 kB',
    '10 kB',
    '61 MB',
    '1.0 MB',
  ]);
});

test('estimates and shares', () => {
  expect([0.05, 0.31, 4.8, 130].map(formatEstimate)).toEqual([
    'under 0.1 s',
    'about 0.3 s',
    'about 5 s',
    'about 2 min',
  ]);
  expect([0.943, 1, 0, -0.2].map(formatShare)).toEqual(['.943', '1.000', '.000', '−.200']);
});
