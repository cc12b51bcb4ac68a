import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEntry } from '../types.ts';
import { evaluateRun, valuesOf } from './evaluate-run.ts';
import { compareBytes, trecOrder } from './trec-order.ts';

const qrels = new Map([
  ['q1', new Map([['a', 1]])],
  ['q2', new Map([['b', 2]])],
]);

describe('evaluateRun', () => {
  it('sorts by score, ties by id descending, whatever order entries come in', () => {
    const run = new Map([
      [
        'q1',
        [
          { id: 'a', score: 1 },
          { id: 'b', score: 1 },
          { id: 'c', score: 5 },
        ],
      ],
    ]);
    expect(evaluateRun(run, qrels, ['recip_rank']).overall).toEqual([1 / 3]);
  });

  it('averages over the queries in both, or over all judged ones', () => {
    const run = new Map([
      ['q1', [{ id: 'a', score: 1 }]],
      ['unjudged', [{ id: 'a', score: 1 }]],
    ]);
    const metrics = ['ndcg@10', 'num_rel', 'num_ret'];
    expect(evaluateRun(run, qrels, metrics).overall).toEqual([1, 1, 1]);
    const complete = evaluateRun(run, qrels, metrics, { complete: true });
    expect(complete.overall).toEqual([0.5, 2, 1]);
    expect(complete.perQuery.get('q2')).toEqual([0, 1, 0]);
    expect([...valuesOf(complete, 'ndcg_cut_10')]).toEqual([
      ['q1', 1],
      ['q2', 0],
    ]);
  });

  it('counts only the first `depth` entries', () => {
    const run = new Map([
      [
        'q1',
        [
          { id: 'x', score: 2 },
          { id: 'a', score: 1 },
        ],
      ],
    ]);
    expect(evaluateRun(run, qrels, ['success@5'], { depth: 1 }).overall).toEqual([0]);
  });

  it('is 0 throughout when nothing is judged, and refuses a passage listed twice', () => {
    expect(evaluateRun(new Map(), qrels, ['map']).overall).toEqual([0]);
    const twice = new Map([
      [
        'q1',
        [
          { id: 'a', score: 2 },
          { id: 'a', score: 1 },
        ],
      ],
    ]);
    expect(() => evaluateRun(twice, qrels, ['map'])).toThrow(/“a” twice for query “q1”/);
  });
});

describe('trecOrder', () => {
  it('compares ids as their UTF-8 bytes', () => {
    const id = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      {
        examples: [
          ['\uffff', '😀'],
          ['a', 'ab'],
          ['', ''],
        ],
      },
    );
  });

  it('does not depend on the order given and leaves its input alone', () => {
    const entry = fc.record({ id: fc.string({ maxLength: 3 }), score: fc.integer({ min: -2, max: 2 }) });
    const entries = fc.uniqueArray(entry, { selector: (e: RunEntry) => e.id, maxLength: 12 });
    fc.assert(
      fc.property(entries, (list) => {
        const copy = [...list];
        expect(trecOrder([...list].reverse())).toEqual(trecOrder(list));
        expect(list).toEqual(copy);
      }),
    );
  });
});
