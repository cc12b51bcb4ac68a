import { describe, expect, it } from 'vitest';
import type { Candidate, Passage } from '../../src/types.ts';
import { relevantIds, withRelevant } from './with-relevant.ts';

const passage = (id: string): Passage => ({ id, text: id });
const list = (...ids: string[]): Candidate[] =>
  ids.map((id, i) => ({ passage: passage(id), rank: i + 1, score: 10 - i }));
const corpus = new Set(['a', 'b', 'c', 'x', 'y']);
const source = { k: 3, passage: (id: string) => (corpus.has(id) ? passage(id) : undefined) };
const idsOf = (found: readonly Candidate[]) => found.map((one) => one.passage.id);

describe('candidates for learning from judgments', () => {
  it('are the first stage’s own where one of them is relevant', () => {
    const found = list('a', 'b', 'c');
    expect(withRelevant(found, ['y', 'c'], source)).toBe(found);
  });

  it('end with the best judged passage that the corpus has where none is', () => {
    const full = withRelevant(list('a', 'b', 'c'), ['gone', 'y', 'x'], source);
    expect(idsOf(full)).toEqual(['a', 'b', 'y']);
    expect(full.at(-1)).toMatchObject({ rank: 3, score: 9 });
    expect(idsOf(withRelevant(list('a'), ['x'], source))).toEqual(['a', 'x']);
    expect(withRelevant([], ['x'], source)).toMatchObject([{ rank: 1, score: 0 }]);
  });

  it('stay where nothing is judged relevant', () => {
    const found = list('a', 'b');
    expect(withRelevant(found, ['gone'], source)).toBe(found);
    expect(withRelevant(found, [], source)).toBe(found);
  });

  it('know the relevant ids of a query, the best grade first', () => {
    const grades = new Map([
      ['p1', 1],
      ['p2', 0],
      ['p3', 2],
      ['p4', -1],
    ]);
    expect([...relevantIds(new Map([['q', grades]]))]).toEqual([['q', ['p3', 'p1']]]);
  });
});
