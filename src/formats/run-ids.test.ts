import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreIds, rewrittenIds, rewrittenText } from './run-ids.ts';
import { readTrecRun, writeTrecRun } from './runs.ts';

describe('ids that a TREC run cannot hold', () => {
  it('are told with an example, and not where there are none', () => {
    const rankings = [
      { query: 'q 1', passages: ['Salt flat', 'a'] },
      { query: 'q2', passages: ['Salt flat', 'Pink lake'] },
    ];
    expect(rewrittenIds(rankings)).toEqual({ queries: 1, passages: 2, example: 'q 1' });
    expect(rewrittenText(rewrittenIds(rankings))).toMatch(
      /^1 query id and 2 passage ids have white space.*“q 1” is “q_1”/,
    );
    expect(rewrittenText(rewrittenIds([{ query: 'q', passages: ['a'] }]))).toBeUndefined();
  });

  it('are refused where two would be one', () => {
    expect(() => rewrittenIds([{ query: 'q', passages: ['a b', 'a_b'] }])).toThrow(
      /Passages “a b” and “a_b”/,
    );
    const queries = ['q 1', 'q_1'].map((query) => ({ query, passages: ['a'] }));
    expect(() => rewrittenIds(queries)).toThrow(/Queries “q 1” and “q_1” would both be “q_1”/);
    // The same passage for two queries is not a clash.
    expect(rewrittenIds([...'ab'].map((query) => ({ query, passages: ['x y'] }))).passages).toBe(1);
  });

  it('come back from a run, whatever white space they have', () => {
    const id = fc.stringMatching(/^[a-z_](?:[ \t\u3000_]?[a-z_]){0,3}$/);
    const entries = fc.uniqueArray(id, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(id, entries, (query, ids) => {
        const run = new Map([[query, ids.map((one, i) => ({ id: one, score: ids.length - i }))]]);
        let text: string;
        try {
          text = writeTrecRun(run, 't');
        } catch {
          return;
        }
        const known = new Map([[query, new Set(ids)]]);
        expect(restoreIds(readTrecRun(text), known).run).toEqual(run);
      }),
    );
  });

  it('stay where it is not certain which one is meant, and where they are known as they are', () => {
    const run = new Map([['q', [{ id: 'a_b', score: 1 }]]]);
    for (const ids of [['a b', 'a_b'], ['a b', 'a\u3000b'], ['c']]) {
      expect(restoreIds(run, new Map([['q', new Set(ids)]]))).toEqual({ run, restored: 0 });
    }
  });
});
