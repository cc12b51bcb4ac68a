/** Differences between the rows of a table, paired by query, checked against values worked out by hand. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTrecRun } from '../../src/formats/runs.ts';
import type { ResultRow } from '../evaluate/evaluate-request.ts';
import { testFolder } from '../testing/folder.ts';
import { rowDifferences, tauDifferences } from './differences.ts';
import { cardComparisons } from './results.ts';

const folder = testFolder('distill-differences');
mkdirSync(join(folder, 'runs'));

/** A row with nDCG@10 by query, and its orders of the passages a, b, c. */
function row(
  name: string,
  perQuery: Readonly<Record<string, number>>,
  orders: Readonly<Record<string, string>>,
) {
  const run = new Map(
    Object.entries(orders).map(([query, order]) => [
      query,
      [...order].map((id, i) => ({ id, score: 9 - i })),
    ]),
  );
  writeFileSync(join(folder, 'runs', `${name}.trec`), writeTrecRun(run, name));
  return {
    set: 's',
    name,
    method: 'pointwise-yes',
    checkpoint: null,
    template: null,
    queries: 3,
    measures: {},
    perQuery: Object.fromEntries(Object.entries(perQuery).map(([query, value]) => [query, [0, value]])),
    run: `runs/${name}.trec`,
  } as ResultRow;
}

const rows = [
  row('teacher', { q1: 1, q2: 0.5, q3: 0.2 }, { q1: 'abc', q2: 'abc', q3: 'a' }),
  row('control', { q1: 0.2, q2: 0.5, q3: 0.2 }, { q1: 'cba', q2: 'acb', q3: 'a' }),
  row('student', { q1: 0.8, q2: 0.4, q3: 0.2 }, { q1: 'abc', q2: 'bac', q3: 'a' }),
];
const results = { measures: ['map', 'ndcg@10'], rows };

describe('differences between rows', () => {
  it('are paired by query in nDCG@10; rows that are not there make none', () => {
    const [one, ...more] = rowDifferences(results, [
      ['student', 'control'],
      ['student', 'nobody'],
    ]);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ set: 's', method: 'student', against: 'control', queries: 3 });
    expect(one!.mean).toBeCloseTo((0.6 - 0.1 + 0) / 3, 12);
    expect([one!.low, one!.high]).toEqual([expect.closeTo(-0.1, 12), expect.closeTo(0.6, 12)]);
  });

  it('are paired in τ to the teacher, without queries of one passage', async () => {
    const [one] = await tauDifferences(folder, results, [['student', 'control']], 'teacher');
    // τ: student 1 and 1/3, control −1 and 1/3.
    expect(one).toMatchObject({ metric: 'kendall-tau', queries: 2 });
    expect(one!.mean).toBeCloseTo((2 + 0) / 2, 12);
    expect(await tauDifferences(folder, results, [['student', 'control']], 'nobody')).toEqual([]);
    expect(cardComparisons([one!])[0]).not.toHaveProperty('p');
  });
});
