import { describe, expect, it } from 'vitest';
import { Results } from '../../state/evaluate/results.ts';
import { initialEvaluate } from '../../state/evaluate/store.ts';
import { prefixed, statusText, valueText } from './words.ts';

const queries = Array.from({ length: 50 }, (_, i) => ({ id: `q${i}`, text: 'a' }));
const summary = { kind: 'collection' as const, queries };
const state = { ...initialEvaluate, results: new Results(queries) };

describe('statusText', () => {
  it('says what is to be done, is being done, has been done', () => {
    const estimate = { calls: 1234, seconds: 30, upperBound: true, remote: [] };
    expect(statusText(state, null, null)).toBe('Open data first.');
    expect(statusText({ ...state, estimate }, summary, null)).toBe(
      '50 queries: up to 1,234 calls, about 30 s.',
    );
    expect(statusText({ ...state, state: 'running', phase: 'finding' }, summary, null)).toBe(
      'Finding candidates, 0 of 50 queries.',
    );
    const progress = {
      queriesDone: 3,
      at: { query: 3, row: 'x' },
      answered: 90,
      planned: 1234,
      secondsLeft: 25,
    };
    const orders = [{ id: 'x', name: 'PRP' }] as never;
    expect(statusText({ ...state, state: 'running', phase: 'scoring', progress }, summary, { orders })).toBe(
      'Query 4 of 50 · PRP · 90 of 1,234 calls, about 25 s left',
    );
    expect(statusText({ ...state, state: 'stopped', progress, estimate }, summary, null)).toBe(
      'Stopped after 3 of 50 queries; up to 1,234 calls, about 30 s left. Press Run to continue.',
    );
    expect(statusText({ ...state, state: 'done' }, summary, null)).toBe('50 queries ranked by every method.');
  });
});

it('writes values as tables do', () => {
  expect(valueText(0.9431, 'share')).toBe('.943');
  expect(valueText(-0.2, 'signed')).toBe('−.200');
  expect(valueText(1204.4, 'count')).toBe('1,204');
  expect(valueText(0.0351, 'seconds')).toBe('35 ms');
  expect(valueText(null, 'share')).toBe('–');
  expect([999, 3.214e9, 9.996e11, 120_000].map(prefixed)).toEqual(['999', '3.21 G', '1.00 T', '120 k']);
});
