import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trecOrder } from '../evaluation/trec-order.ts';
import { readTrecRun, readTrecRuns, writeTrecRun, writeTrecRuns } from './runs.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,6}$/);
const score = fc.oneof(
  fc.double(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(1, 1 + 1e-12, 1e300, -0, Number.NaN),
);
const entries = fc.uniqueArray(fc.record({ id, score }), {
  selector: (e) => e.id,
  minLength: 1,
  maxLength: 12,
});

describe('a TREC run', () => {
  it('reads back in the order written, whatever the scores', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const text = writeTrecRun(new Map([['q1', list]]), 'tag');
        const back = readTrecRun(text).get('q1')!;
        expect(back.map((e) => e.id)).toEqual(list.map((e) => e.id));
        // A reader with 32-bit floats sees the same order.
        const rounded = back.map((e) => ({ id: e.id, score: Math.fround(e.score) }));
        expect(trecOrder(rounded).map((e) => e.id)).toEqual(list.map((e) => e.id));
      }),
    );
  });

  it('keeps scores that give the order, exactly', () => {
    const list = [
      { id: 'a', score: 3.25 },
      { id: 'b', score: 0.1 },
      { id: 'c', score: -7 },
    ];
    expect(writeTrecRun(new Map([['q', list]]), 't')).toBe(
      'q Q0 a 1 3.25 t\nq Q0 b 2 0.1 t\nq Q0 c 3 -7 t\n',
    );
  });

  it('keeps the first of tied scores and lowers the others by less than a millionth', () => {
    const ties = [12.5, 7.25, 7.25, 7.25, 0.5, 0, 0, -1, -1];
    const list = ties.map((value, i) => ({ id: `p${i}`, score: value }));
    const back = readTrecRun(writeTrecRun(new Map([['q', list]]), 't')).get('q')!;
    expect(back.map((e) => e.id)).toEqual(list.map((e) => e.id));
    back.forEach((entry, i) => {
      expect(Math.abs(entry.score - ties[i]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(ties[i]!)));
    });
    expect(back.filter((entry, i) => entry.score === ties[i]).map((e) => e.id)).toEqual([
      'p0',
      'p1',
      'p4',
      'p5',
      'p7',
    ]);
  });

  it('writes n − rank + 1 where the scores rise or are no numbers', () => {
    for (const scores of [
      [1, 2],
      [Number.NaN, 1],
      [1, -1e300],
    ]) {
      const list = scores.map((value, i) => ({ id: 'ab'[i]!, score: value }));
      expect(writeTrecRun(new Map([['q', list]]), 't')).toBe('q Q0 a 1 2 t\nq Q0 b 2 1 t\n');
    }
  });

  it('holds several methods as tags, and asks which when one is wanted', () => {
    const run = new Map([['q', [{ id: 'a', score: 1 }]]]);
    const text = writeTrecRuns([
      ['bm25', run],
      ['student', run],
    ]);
    expect(readTrecRuns(text)).toEqual(
      new Map([
        ['bm25', run],
        ['student', run],
      ]),
    );
    expect(() => readTrecRun(text, 'r')).toThrow(/r: it contains 2 runs \(bm25, student\)/);
  });

  it('puts _ for white space, and refuses ids that become one', () => {
    const run = new Map([['my query', [{ id: 'a b', score: 1 }]]]);
    expect(writeTrecRun(run, 'my tag')).toBe('my_query Q0 a_b 1 1 my_tag\n');
    const clash = new Map([
      [
        'q',
        [
          { id: 'a b', score: 2 },
          { id: 'a_b', score: 1 },
        ],
      ],
    ]);
    expect(() => writeTrecRun(clash, 't')).toThrow(/would both be “a_b”/);
    expect(() => writeTrecRun(run, ' ')).toThrow(/not empty/);
  });

  it('says what is missing in lines of other forms, and takes no part of an id for a rank', () => {
    expect(() => readTrecRun('1 77 1\n')).toThrow(/MS MARCO/);
    expect(() => readTrecRun('1\t77\t1\t9.5\n')).toThrow(/MS MARCO/);
    expect(() => readTrecRun('q Q0 d 1 9.5\n')).toThrow(/tag is missing/);
    expect(() => readTrecRun('q Q0 page 12 1 9.5 t\n')).toThrow(/separate the fields with tabs/);
    expect(readTrecRun('q Q0 d 1 9.5 t more\n').get('q')).toEqual([{ id: 'd', score: 9.5 }]);
  });

  it('names lines in errors', () => {
    expect(() => readTrecRun('q Q0 a 1 2 t\nq Q0 a 2 1 t', 'r.trec')).toThrow(
      /^r\.trec, line 2: .*“a”.*line 1/,
    );
    expect(() => readTrecRun('q Q0 a 1 2', 'r.trec')).toThrow(/^r\.trec, line 1: expected six fields/);
    expect(() => readTrecRun('q Q0 a 1 high t', 'r.trec')).toThrow(/line 1: the score must be a number/);
    expect(() => readTrecRun('\n', 'r.trec')).toThrow(/no line/);
  });
});
