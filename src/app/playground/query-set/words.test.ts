import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialQuerySet, type QuerySetState } from '../../../state/query-set/store.ts';
import { formatSigned } from '../../ui/numbers.ts';
import { differenceText, differenceVerdict, hardOnBm25Text, intervalText, statusText } from './words.ts';

const difference = (mean: number, low: number, high: number, p = 0.016) => ({ n: 7, mean, low, high, p });

describe('hardOnBm25Text', () => {
  it('says so where the first hit is mostly worth nothing, and is silent elsewhere', () => {
    expect(hardOnBm25Text(6, 7)).toMatch(
      /^BM25’s first hit is graded 0 for 6 of 7 queries\. This sample is hard on it/,
    );
    expect(hardOnBm25Text(1, 1)).toContain('for 1 of 1 query.');
    expect([hardOnBm25Text(3, 7), hardOnBm25Text(0, 0)]).toEqual([undefined, undefined]);
  });
});

describe('differences', () => {
  it('have their sign, and none at zero', () => {
    expect([0.12, -0.0044, 0.0004, -0.0004, 1].map(formatSigned)).toEqual([
      '+.120',
      '−.004',
      '.000',
      '.000',
      '+1.000',
    ]);
    expect(intervalText(difference(0.12, -0.03, 0.21))).toBe('+.120 (−.030 to +.210), p = .016');
  });

  it('are higher or lower only where the interval lies beside 0', () => {
    expect(differenceText(difference(0.12, 0.03, 0.21), 'bm25')).toBe('higher than BM25');
    expect(differenceText(difference(-0.12, -0.2, -0.03), 'teacher')).toBe('lower than the teacher');
    expect(differenceText(difference(0.01, -0.03, 0.05), 'base')).toBe(
      'not measurably different from the base',
    );
  });

  it('are not claimed where the test does not agree, as happens with few queries', () => {
    expect(differenceText(difference(0.043, 0.008, 0.085, 0.125), 'teacher')).toBe(
      'not measurably different from the teacher',
    );
    expect(intervalText(difference(0.043, 0.008, 0.085, 0.125))).toContain('p = .125');
    expect(intervalText(difference(0.24, 0.14, 0.34, 0.0001))).toContain('p < .001');
    expect(differenceVerdict(difference(0.043, 0.008, 0.085, 0.0499))).toBe('not measurably different');
  });

  it('never claim what the shown interval does not show', () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.boolean(), (a, b, small) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((x) => (small ? x / 500 : x)) as [
          number,
          number,
        ];
        const one = difference((low + high) / 2, low, high);
        const shown = intervalText(one);
        const claims = differenceVerdict(one) !== 'not measurably different';
        const [from, to] = /\((\S+) to (\S+)\)/.exec(shown)!.slice(1) as [string, string];
        expect(claims).toBe(
          (from.startsWith('+') && to.startsWith('+')) || (from.startsWith('−') && to.startsWith('−')),
        );
      }),
    );
  });
});

describe('statusText', () => {
  const expected = { calls: 770, seconds: 31 };
  const say = (patch: Partial<QuerySetState>): string =>
    statusText({ ...initialQuerySet, ...patch }, 7, expected);
  const progress = {
    queriesDone: 2,
    method: 'teacher',
    answered: 412,
    planned: 770,
    secondsLeft: 12,
  } as const;

  it('says what it will take, how far it is and what is left', () => {
    expect(say({})).toBe('One query shows little. All 7 queries with grades: up to 770 calls, about 31 s.');
    expect(statusText(initialQuerySet, 7, { calls: 770, seconds: null })).toMatch(/up to 770 calls\.$/);
    expect(say({ state: 'running', phase: 'scoring', progress })).toBe(
      'Query 3 of 7 · Teacher · 412 of 770 calls · about 12 s left',
    );
    expect(say({ state: 'running', progress: { ...progress, secondsLeft: null } })).not.toContain('left');
    expect(say({ state: 'running', phase: 'queued' })).toContain('Waiting');
  });

  it('says how it has ended, and that it is out of date', () => {
    expect(say({ state: 'cancelled', progress })).toBe('Cancelled after 2 of 7 queries.');
    expect(say({ state: 'done', progress: { ...progress, queriesDone: 7 } })).toBe('7 queries ranked.');
    expect(say({ state: 'done', stale: true, progress })).toContain('Out of date');
    expect(say({ state: 'error', error: { code: 'worker', message: 'It died. Retry.' } })).toBe(
      'It died. Retry.',
    );
  });
});
