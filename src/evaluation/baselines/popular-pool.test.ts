import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../types.ts';
import { drawPopular, PLAIN_POOL, withPopular } from './popular-pool.ts';

const COUNTS = new Map([
  ['a', 1000],
  ['b', 500],
  ['c', 250],
  ['d', 201],
  ['rare', 200],
]);
const draw = { popular: 2, above: 200, seed: 1 };
const candidates = (...ids: string[]): Candidate[] =>
  ids.map((id, i) => ({ passage: { id, text: id }, rank: i + 1, score: 9 - i }));
const passage = (id: string) => (id === 'b' ? undefined : { id, text: id });

describe('drawPopular', () => {
  it('draws what is mentioned often enough and not taken, each once, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.string(), fc.subarray(['a', 'b', 'c']), fc.nat(), (query, taken, seed) => {
        const ids = drawPopular(query, new Set(taken), COUNTS, { ...draw, seed });
        expect(new Set(ids).size).toBe(Math.min(2, 4 - taken.length));
        for (const id of ids) expect(['rare', ...taken]).not.toContain(id);
        expect(drawPopular(query, new Set(taken), COUNTS, { ...draw, seed })).toEqual(ids);
      }),
    );
  });

  it('draws in proportion to the mentions', () => {
    const first = new Map<string, number>();
    const total = 1000 + 500 + 250 + 201;
    for (let i = 0; i < 4000; i++) {
      const [id] = drawPopular(`q${i}`, new Set(), COUNTS, draw);
      first.set(id!, (first.get(id!) ?? 0) + 1);
    }
    for (const id of ['a', 'b', 'c', 'd'])
      expect(first.get(id)! / 4000).toBeCloseTo(COUNTS.get(id)! / total, 1);
  });
});

describe('withPopular', () => {
  const facts = { counts: COUNTS, passage, grades: new Map([['c', 1]]) };

  it('puts them behind what was found, in place of ids that the corpus lacks others', () => {
    const pool = withPopular('q', candidates('x', 'a'), { ...PLAIN_POOL, popular: 4, above: 200 }, facts);
    expect(pool.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
    expect(new Set(pool.slice(2).map((one) => one.passage.id))).toEqual(new Set(['c', 'd']));
    expect(pool.at(-1)!.score).toBe(0);
  });

  it('changes nothing where nothing is asked', () => {
    const found = candidates('x');
    expect(withPopular('q', found, PLAIN_POOL, facts)).toBe(found);
  });

  it('leaves out a query whose candidates are not relevant', () => {
    const pool = { ...PLAIN_POOL, answerable: true };
    expect(withPopular('q', candidates('x'), pool, facts)).toEqual([]);
    expect(withPopular('q', candidates('x', 'c'), pool, facts)).toHaveLength(2);
  });
});
