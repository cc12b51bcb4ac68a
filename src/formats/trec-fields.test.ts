import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readQrels, writeTrecQrels } from './qrels.ts';
import { readTrecRun, trecRunFields } from './runs.ts';

describe('fields of TREC lines', () => {
  it('may have spaces where tabs part them', () => {
    expect(
      readTrecRun('q 1\tQ0\tSalt flat\t1\t2.5\ttag and more\nq 1\tQ0\tPink lake\t2\t1.5\ttag and more\n'),
    ).toEqual(
      new Map([
        [
          'q 1',
          [
            { id: 'Salt flat', score: 2.5 },
            { id: 'Pink lake', score: 1.5 },
          ],
        ],
      ]),
    );
    for (const line of ['q 1\t0\tSalt flat\t2', 'q 1\t0\tSalt flat\t2\t\r', 'q 1\tSalt flat\t2']) {
      expect(readQrels(line)).toEqual(new Map([['q 1', new Map([['Salt flat', 2]])]]));
    }
  });

  it('may be parted by a mixture of tabs and spaces where no field has any in it', () => {
    expect(trecRunFields(' q1\tQ0 d1\t\t1 2.5\ttag ')).toEqual(['q1', 'Q0', 'd1', '1', '2.5', 'tag']);
    expect(readQrels('q1\t0  d1 1').get('q1')).toEqual(new Map([['d1', 1]]));
  });

  it('may leave out what means nothing', () => {
    expect(readTrecRun('q1\t\tSalt flat\t1\t2\tt').get('q1')).toEqual([{ id: 'Salt flat', score: 2 }]);
    expect(readQrels('q1\t\tSalt flat\t1').get('q1')).toEqual(new Map([['Salt flat', 1]]));
  });

  it('hold the white space that is not ASCII', () => {
    const id = '湖\u3000塩\u00a0x';
    expect(readTrecRun(`q Q0 ${id} 1 2 t`).get('q')).toEqual([{ id, score: 2 }]);
    expect(readQrels(`q 0 ${id} 1`).get('q')).toEqual(new Map([[id, 1]]));
  });

  it('say which line is parted wrongly', () => {
    const spaced = 'q Q0 a 1 2 t\nq Q0 Salt flat 2 1.5 t';
    expect(() => readTrecRun(spaced, 'r')).toThrow(
      /^r, line 2: the rank must be a number, found “flat”.*tabs/,
    );
    expect(() => readTrecRun('q Q0 a b 2 t', 'r')).toThrow(/line 1: the rank must be a number, found “b”\.$/);
    for (const score of ['t', 'nan', '0x10', '1e999', '-']) {
      expect(() => readTrecRun(`q Q0 a 1 ${score} t`, 'r')).toThrow(/line 1: the score must be a number/);
    }
    expect(readTrecRun('q Q0 a 1.0 -1.5e-3 t').get('q')).toEqual([{ id: 'a', score: -0.0015 }]);
    expect(() => readQrels('q 0 a 1\nq 0 Salt flat 1', 'j')).toThrow(/^j, line 2: expected .*tabs/);
  });

  it('of judgments come back, with and without white space', () => {
    const id = fc.stringMatching(/^[a-z](?:[ \u3000]?[a-z]){0,4}$/);
    const grades = fc.dictionary(id, fc.integer({ min: -1, max: 3 }), { minKeys: 1, maxKeys: 3 });
    const qrels = fc
      .dictionary(id, grades, { maxKeys: 3 })
      .map((all) => new Map(Object.entries(all).map(([q, g]) => [q, new Map(Object.entries(g))])));
    fc.assert(
      fc.property(qrels, (value) => {
        expect(readQrels(writeTrecQrels(value))).toEqual(value);
      }),
    );
    expect(() => writeTrecQrels(new Map([['a\tb', new Map([['c', 1]])]]))).toThrow(/cannot be written/);
  });
});
