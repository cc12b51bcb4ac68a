import { expect, it } from 'vitest';
import type { MethodId } from '../../ranking/methods/registry.ts';
import type { CollectionSummary } from '../../workers/collection-protocol.ts';
import { Results } from './results.ts';
import { defaultReference, rowOrders, rowResults, runRowId } from './rows.ts';

it('of runs alone has a row a run, compared with the first, whatever the recipe asks for', () => {
  const summary = {
    kind: 'runs',
    split: 'test',
    queries: [
      { id: 'q1', text: '' },
      { id: 'q2', text: '' },
    ],
    runs: [
      {
        name: 'x',
        entries: [
          ['q1', ['a', 'b'], [2, 1]],
          ['q2', ['a'], [2]],
        ],
      },
      { name: 'y', entries: [['q1', ['b', 'a'], [2, 1]]] },
    ],
  } as unknown as CollectionSummary;
  const recipe = {
    rows: [{ method: 'prp-heapsort' as const, checkpoint: 'teacher' }],
    depth: 10,
    firstStage: null,
  };
  const qrels = new Map([
    ['q1', new Map([['a', 1]])],
    ['q2', new Map([['a', 1]])],
  ]);
  const reference = defaultReference(recipe, summary);
  expect(reference).toBe(runRowId('x'));
  const request = { summary, qrels, recipe, results: new Results(summary.queries), catalog: [] };
  const orders = rowOrders(request);
  expect(orders.map(({ id, kind }) => [id, kind])).toEqual([
    [runRowId('x'), 'run'],
    [runRowId('y'), 'run'],
  ]);
  const [, y] = rowResults({ ...request, options: { level: 1, condensed: false }, reference }, orders);
  // A judged query that the run lacks counts 0, as with trec_eval's -c; there is no order to compare.
  expect(y!.values.map((values) => values![0])).toEqual([0, 0]);
  expect(y!.tau).toEqual([-1, undefined]);
});

it('compares with the last row of pairs, else with the last that compares passages otherwise', () => {
  const summary = { kind: 'corpus', queries: [] } as unknown as CollectionSummary;
  const reference = (...methods: MethodId[]): string =>
    defaultReference(
      {
        rows: methods.map((method) => ({ method, checkpoint: 'model' })),
        depth: 10,
        firstStage: null,
      },
      summary,
    );
  const pairs = reference('prp-heapsort');
  const lists = reference('listwise');
  expect(lists).not.toBe(pairs);
  expect(reference('pointwise-yes', 'prp-heapsort', 'listwise', 'qlm')).toBe(pairs);
  expect(reference('pointwise-yes', 'listwise')).toBe(lists);
  expect(reference('pointwise-yes')).toBe(reference());
});
