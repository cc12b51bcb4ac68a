/** The lesson's numbers are the core's: scores, parts, and the curves that the parts lie on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bm25Index } from '../../../retrieval/bm25-index.ts';
import { inverseDocumentFrequency } from '../../../retrieval/formula.ts';
import { PASSAGES, QUERY } from './example.ts';
import { explain, k1Through, LESSON_PARAMS, lengthFactor, saturationAt } from './model.ts';
import { asked, type Bm25State, begin, FREQUENT, link, tasks } from './state.ts';

const words = fc
  .array(fc.constantFrom('noisy', 'brakes', 'the', 'rim', 'pads'), { minLength: 1, maxLength: 9 })
  .map((list) => list.join(' '));
const params = fc.record({
  k1: fc.double({ min: 0, max: 4, noNaN: true }),
  b: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('explain', () => {
  it('scores as the index does, to the last bit, and each part lies on the curves', () => {
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 2, maxLength: 8 }),
        words,
        params,
        (texts, query, { k1, b }) => {
          const p = { ...LESSON_PARAMS, k1, b };
          const index = new Bm25Index(p);
          for (const [i, text] of texts.entries()) index.append({ id: String(i), text });
          const { hits } = index.search(query, texts.length);
          const { passages, order, terms, averageLength } = explain(texts, query, p);
          expect(order.slice(0, hits.length)).toEqual(hits.map(({ id }) => Number(id)));
          expect([...order].sort()).toEqual(texts.map((_, i) => i));
          for (const { index: i, score, parts, length } of passages) {
            expect(score).toBe(hits.find(({ id }) => id === String(i))?.score ?? 0);
            expect(parts.reduce((sum, part) => sum + part.contribution, 0)).toBe(score);
            for (const part of parts) {
              const term = terms.find((t) => t.term === part.term)!;
              expect(term.idf).toBe(inverseDocumentFrequency(term.matching, texts.length));
              expect(part.adjusted).toBe(part.frequency / lengthFactor(length, averageLength, b));
              expect(saturationAt(part.adjusted, k1)).toBeCloseTo(part.saturation, 9);
              expect(term.count * term.idf * part.saturation).toBeCloseTo(part.contribution, 12);
            }
          }
        },
      ),
    );
  });

  it('the handle of k1 finds the k1 of the curve it is on', () => {
    for (const k1 of [0, 0.5, 1.2, 4]) expect(k1Through(6, saturationAt(6, k1))).toBeCloseTo(k1, 9);
  });
});

describe('the lesson', () => {
  const start = begin(new URLSearchParams());
  const state = (change: Partial<Bm25State>): Bm25State => ({ ...start, first: '', frequent: '', ...change });
  const done = (change: Partial<Bm25State>) =>
    tasks.filter((task) => task.judge(state(change), start).done).map(({ id }) => id);

  it('no task is done at the start, nor behind the question', () => {
    expect(done({})).toEqual([]);
    expect(done({ first: undefined, k1: 3 })).toEqual([]);
    expect(asked(start)).toBe('first');
  });

  it('each task can be done as its last hint says, and not by more than it allows', () => {
    expect(done({ k1: 2.5 })).toEqual(['k1']);
    expect(done({ k1: 2.5, b: 0.7 })).toEqual([]);
    expect(done({ b: 0.25 })).toEqual(['b']);
    expect(done({ b: 0.25, k1: 1.3 })).toEqual([]);
    expect(done({ query: 'squealing brakes' })).toEqual(['synonym']);
    expect(done({ query: 'squealing brakes', passages: ['squealing', 'brakes', 'a', 'b', 'c'] })).toEqual([]);
  });

  it('A is first, a synonym scores nothing, and “the and of” less than half', () => {
    const ranked = explain(PASSAGES, QUERY, LESSON_PARAMS);
    expect(ranked.order).toEqual([0, 2, 3, 1, 4]);
    expect(ranked.passages[4]!.score).toBe(0);
    const frequent = explain(PASSAGES, FREQUENT, LESSON_PARAMS);
    const best = (e: typeof ranked) => Math.max(...e.passages.map(({ score }) => score));
    expect(best(frequent)).toBeLessThan(best(ranked) / 2);
    expect(frequent.terms.map(({ matching }) => matching)).toEqual([5, 5, 5]);
  });

  it('a link brings back query, passages and parameters; nonsense in it is the lesson’s own', () => {
    const mine = state({ query: 'a&b?', passages: ['one', 'two'], k1: 2, b: 0.1, first: '1' });
    const back = begin(new URLSearchParams(link(mine).toString()));
    expect(back).toMatchObject({ query: 'a&b?', passages: ['one', 'two'], k1: 2, b: 0.1, first: '' });
    const own = begin(new URLSearchParams('k1=-3&b=x&p=alone'));
    expect(own).toMatchObject({ k1: LESSON_PARAMS.k1, b: LESSON_PARAMS.b, passages: PASSAGES });
    expect(own.passages).toBe(PASSAGES);
    // Tasks about passages that are not there say so.
    for (const task of tasks) expect(task.judge(mine, mine).done).toBe(false);
  });
});
