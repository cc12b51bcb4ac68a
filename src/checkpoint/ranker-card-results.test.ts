/** Results by set: nothing is lost or told twice, and an interval that touches 0 is not called clear. */
import { describe, expect, it } from 'vitest';
import type { Comparison, EvaluationRow } from './ranker-card.ts';
import { metricName, resultsBySet, verdict } from './ranker-card-results.ts';

const interval = { mean: 0.1, low: 0.05, high: 0.15 };
const row = (set: string, method: string, against?: string): EvaluationRow => ({
  set,
  method,
  queries: 7,
  ndcg10: 0.5,
  callsPerQuery: 10,
  difference: against === undefined ? undefined : { against, ...interval },
});
const comparison = (set: string, method: string, against: string, over: Partial<Comparison> = {}) => ({
  set,
  method,
  against,
  queries: 9,
  ...interval,
  ...over,
});

describe('verdict', () => {
  it('is clear only where 0 lies outside the interval', () => {
    expect(verdict({ low: 0.001, high: 0.1 })).toBe('higher');
    expect(verdict({ low: -0.1, high: -0.001 })).toBe('lower');
    expect(verdict({ low: 0, high: 0.1 })).toBe('not clear');
    expect(verdict({ low: -0.1, high: 0 })).toBe('not clear');
    expect(verdict({ low: -0.1, high: 0.1 })).toBe('not clear');
  });
});

describe('resultsBySet', () => {
  it('puts what is compared over all sets first, and keeps the order of the others', () => {
    const results = resultsBySet({
      evaluation: [row('squad', 'BM25'), row('boolq', 'BM25'), row('squad', 'student', 'BM25')],
      comparisons: [comparison('all sets', 'student', 'BM25'), comparison('boolq', 'student', 'teacher')],
    });
    expect(results.map(({ set, queries }) => [set, queries])).toEqual([
      ['all sets', 9],
      ['squad', 7],
      ['boolq', 7],
    ]);
    expect(results.map(({ rows }) => rows.length)).toEqual([0, 2, 1]);
    expect(results.map(({ comparisons }) => comparisons.length)).toEqual([1, 0, 1]);
  });

  it('leaves out the difference that a row states, not the same pair in another measure', () => {
    const tau = comparison('a', 'student', 'BM25', { metric: 'kendall-tau' });
    const other = comparison('a', 'student', 'teacher');
    const [only] = resultsBySet({
      evaluation: [row('a', 'student', 'BM25')],
      comparisons: [comparison('a', 'student', 'BM25'), tau, other],
    });
    expect(only?.comparisons).toEqual([tau, other]);
  });

  it('is empty for a card without results', () => {
    expect(resultsBySet({ evaluation: [] })).toEqual([]);
  });
});

describe('metricName', () => {
  it('is nDCG@10 where a card does not say', () => {
    expect(metricName()).toBe('nDCG@10');
    expect(metricName('kendall-tau')).toBe('τ to the teacher');
  });
});
