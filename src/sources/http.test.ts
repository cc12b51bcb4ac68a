import { expect, it } from 'vitest';
import { limitSeconds } from '../waiting.ts';
import { retryIn } from './http.ts';

it.each([
  [{ ratelimit: '"api";r=0;t=55' }, 55],
  [{ ratelimit: '"resolvers";r=0;t=1', 'retry-after': '9' }, 1],
  [{ 'ratelimit-reset': '12' }, 12],
  [{ 'retry-after': '30' }, 30],
  [{ 'retry-after': 'Sun, 29 Nov 2026 12:00:20 GMT' }, 20],
  [{ 'retry-after': 'Sun, 29 Nov 2026 11:00:00 GMT' }, 1],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'ratelimit-policy': 't=5' }, undefined],
  [{}, undefined],
])('reads how long a limit lasts from %j', (headers, expected) => {
  const now = Date.parse('2026-11-29T12:00:00Z');
  expect(limitSeconds(new Headers(headers as Record<string, string>), now)).toBe(expected);
});

it('waits twice as long after each failure, half a minute at most', () => {
  expect([1, 2, 3, 9].map((failed) => retryIn(failed, 'x').seconds)).toEqual([1, 2, 4, 30]);
});
