import { describe, expect, it } from 'vitest';
import type { Qrels } from '../../types.ts';
import { compareAll } from '../compare-all.ts';
import { evaluateRun } from '../evaluate-run.ts';
import { MEASURE_IDS } from './columns.ts';
import { coverageOf, onCommon } from './coverage.ts';
import { idealOrder, queryValues } from './query-values.ts';
import { comparedRows } from './row-results.ts';
import { columnOfRow, evaluationTable, letterOf, type RowResults, valuesOfRow } from './table.ts';

const options = { level: 1, condensed: false };
const QRELS: Qrels = new Map([
  ['q1', new Map(Object.entries({ a: 3, b: 1, c: 0, z: 2 }))],
  ['q2', new Map(Object.entries({ a: 0, b: 2 }))],
]);
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  q1: ['c', 'x', 'a', 'b'],
  q2: ['b', 'a', 'x', 'c'],
};

const rowOf = (id: string, kind: RowResults['kind'], orders: readonly (readonly string[])[]): RowResults => ({
  id,
  name: id.toUpperCase(),
  kind,
  values: orders.map((order, i) => queryValues(order, [...QRELS.values()][i % 2]!, options)),
  costs: orders.map((_, i) => ({ calls: 4, tokens: 100, padded: null, seconds: i + 1, flops: 1e12 })),
});

describe('queryValues', () => {
  it('are what evaluateRun says, measure by measure', () => {
    const run = new Map(
      Object.entries(ORDERS).map(([query, ids]) => [query, ids.map((id, i) => ({ id, score: -i }))]),
    );
    for (const level of [1, 2]) {
      const { perQuery } = evaluateRun(run, QRELS, MEASURE_IDS, { level });
      for (const [query, grades] of QRELS) {
        const values = queryValues(ORDERS[query]!, grades, { level, condensed: false });
        expect([...values.slice(0, MEASURE_IDS.length)]).toEqual(perQuery.get(query));
      }
    }
  });

  it('of a condensed list leave out what nobody judged, and say how much that is', () => {
    const grades = QRELS.get('q1')!;
    const condensed = queryValues(ORDERS.q1!, grades, { level: 1, condensed: true });
    expect([...condensed.slice(0, -1)]).toEqual([
      ...queryValues(['c', 'a', 'b'], grades, options).slice(0, -1),
    ]);
    expect(condensed.at(-1)).toBe(0.25);
  });

  it('of the ideal order are above those of any other', () => {
    const ideal = idealOrder(ORDERS.q1!, QRELS.get('q1')!);
    expect(ideal).toEqual(['a', 'b', 'c', 'x']);
  });
});

describe('evaluationTable', () => {
  const good = ['b', 'a'];
  const bad = ['a', 'b'];
  const rows = [
    rowOf(
      'first',
      'first-stage',
      Array.from({ length: 8 }, (_, i) => (i % 2 ? bad : ['c', 'a'])),
    ),
    rowOf(
      'good',
      'method',
      Array.from({ length: 8 }, (_, i) => (i % 2 ? good : ['a', 'b'])),
    ),
    rowOf(
      'top',
      'ceiling',
      Array.from({ length: 8 }, () => ['a', 'z', 'b']),
    ),
  ];
  const table = evaluationTable({
    rows,
    columns: ['ndcg@10', 'calls', 'median', 'p95', 'rpp', 'tau'],
    judged: true,
    reference: 'first',
    compared: 'ndcg@10',
    comparisons: new Map([
      ['ndcg@10', compareAll(comparedRows(rows).map((row) => valuesOfRow(row, 'ndcg@10')))],
    ]),
  });

  it('has means, what is best, and which rows it is above by more than chance', () => {
    const [first, better, ceiling] = table.rows;
    expect([first!.letter, better!.letter, ceiling!.letter]).toEqual(['a', 'b', '']);
    expect(better!.cells[0]).toMatchObject({ best: true, above: ['a'] });
    expect(first!.cells[0]).toMatchObject({ best: false, above: [] });
    expect(ceiling!.cells[0]).toMatchObject({ best: false, above: [] });
    expect(better!.against).toEqual({ wins: 8, ties: 0, losses: 0 });
    expect(first!.against).toBeNull();
    expect(table.reference).toBe('FIRST');
  });

  it('has costs of what was asked, seconds by their quantiles, and none of the ceiling', () => {
    const [first, better, ceiling] = table.rows;
    expect(better!.cells.slice(1, 4).map(({ value }) => Number(value!.toFixed(9)))).toEqual([4, 4.5, 7.65]);
    // A first stage asks no model.
    expect(first!.cells[1]!.value).toBeNull();
    expect(ceiling!.cells.slice(1).map(({ value }) => value)).toEqual([null, null, null, null, null]);
    expect(better!.cells[4]!.value).toBeCloseTo(better!.cells[0]!.value! * 1000, 9);
  });

  it('marks nothing while rows have different queries, and what is best on those that all have', () => {
    const [first, better, ceiling] = rows as [RowResults, RowResults, RowResults];
    const partly = {
      ...better,
      id: 'partly',
      values: better.values.map((one, i) => (i < 5 ? one : undefined)),
    };
    const empty = { ...better, id: 'empty', values: [], costs: [] };
    const uneven = [first, better, partly, empty, ceiling];
    const of = (given: readonly RowResults[]) =>
      evaluationTable({
        rows: given,
        columns: ['ndcg@10'],
        judged: true,
        reference: 'first',
        compared: 'ndcg@10',
        comparisons: new Map([
          ['ndcg@10', compareAll(comparedRows(given).map((row) => valuesOfRow(row, 'ndcg@10')))],
        ]),
      });
    const coverage = coverageOf(uneven);
    expect(coverage).toMatchObject({ even: false, commonCount: 5 });
    expect([...coverage.byRow.values()]).toEqual([8, 8, 5, 0, 8]);
    expect(of(uneven).even).toBe(false);
    for (const { cells } of of(uneven).rows) expect(cells[0]).toMatchObject({ best: false, above: [] });
    const common = of(onCommon(uneven, coverage));
    expect(common.even).toBe(true);
    expect(common.rows.map(({ queries }) => queries)).toEqual([5, 5, 5, 0, 5]);
    expect(common.rows.map(({ cells }) => cells[0]!.best)).toEqual([false, true, true, false, false]);
  });

  it('has for every number the queries that it is the mean of', () => {
    for (const column of ['ndcg@10', 'calls', 'tokens', 'flops']) {
      const cells = evaluationTable({
        rows,
        columns: [column],
        judged: true,
        reference: null,
        compared: 'ndcg@10',
        comparisons: new Map(),
      }).rows.map(({ cells: [cell] }) => cell!.value);
      rows.forEach((row, r) => {
        const values = [...columnOfRow(row, column)].filter((value) => !Number.isNaN(value));
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        if (cells[r] === null) expect(values).toEqual([]);
        else expect(mean).toBeCloseTo(cells[r]!, 9);
      });
    }
  });

  it('calls rows a to z, then aa', () => {
    expect([0, 25, 26, 52].map(letterOf)).toEqual(['a', 'z', 'aa', 'ba']);
  });
});
