import { describe, expect, it } from 'vitest';
import type { CollectionSummary } from '../../workers/collection-protocol.ts';
import { type Recipe, type RowSpec, rankedRows, readRecipe, rowId, rowName } from './recipe.ts';
import { Results } from './results.ts';
import { rowOrders, rowResults } from './rows.ts';

const QLM: RowSpec = { method: 'qlm', checkpoint: 'm' };
const RRF: RowSpec = { ...QLM, fusion: { by: 'rrf' } };
const HALF: RowSpec = { ...QLM, fusion: { by: 'interpolation', weight: 0.5 } };
const RANDOM: RowSpec = { method: 'random', checkpoint: '' };
const POPULAR: RowSpec = { method: 'popularity', checkpoint: '' };
const recipe = (...rows: RowSpec[]): Recipe => ({ rows, depth: 3, firstStage: null });

const summary = (popularity?: CollectionSummary['popularity']): CollectionSummary => ({
  name: 'set',
  kind: 'collection',
  fingerprint: 'f',
  files: [],
  splits: ['test'],
  split: 'test',
  passages: 3,
  queries: [{ id: 'q', text: 'q' }],
  qrels: [['q', [['c', 1]]]],
  runs: [],
  popularity,
  mostCandidates: null,
  notices: [],
});

function ordersOf(rows: readonly RowSpec[], about = summary()) {
  const results = new Results(about.queries);
  results.setFound(0, { ids: ['a', 'b', 'c'], scores: Float32Array.of(3, 2, 1), seconds: 0.001 });
  results.setRanked(rowId(QLM), 0, {
    order: Uint16Array.of(2, 0, 1),
    scores: Float32Array.of(9, 1, 0),
    calls: 3,
    cached: 0,
    tokens: 30,
    tokenSquares: 300,
    texts: null,
    padded: null,
    seconds: 0.5,
    cut: 0,
  });
  const qrels = new Map([['q', new Map([['c', 1]])]]);
  const request = { summary: about, qrels, recipe: recipe(...rows), results, catalog: [] };
  return { request, rows: rowOrders(request).filter(({ kind }) => kind === 'method') };
}

describe('rows that are made of others', () => {
  it('are fused from one ranking, which is asked once and paid once', () => {
    expect(rankedRows([RRF, HALF, QLM, RANDOM, POPULAR])).toEqual([QLM]);
    const { rows, request } = ordersOf([QLM, RRF, HALF]);
    expect(rows.map(({ orders }) => orders[0])).toEqual([
      ['c', 'a', 'b'],
      ['a', 'c', 'b'],
      ['a', 'c', 'b'],
    ]);
    for (const { costs } of rows) expect(costs[0]).toMatchObject({ calls: 3, tokens: 30, seconds: 0.5 });
    // Measures are kept with the order's list: it stays the same one.
    expect(rowOrders(request)[2]!.orders[0]).toBe(rows[1]!.orders[0]);
  });

  it('have names and ids of their own', () => {
    const all = [QLM, RRF, HALF, RANDOM];
    expect(new Set(all.map(rowId)).size).toBe(4);
    expect(all.map((row) => rowName(row, [], all))).toEqual([
      'Query likelihood',
      'Query likelihood, fused, RRF',
      'Query likelihood, fused, λ = 0.5',
      'Random',
    ]);
  });
});

it('have neither values nor costs of queries that are left out', () => {
  const about = {
    ...summary(),
    queries: [
      { id: 'q', text: 'q' },
      { id: 'none', text: 'nothing relevant' },
    ],
  };
  const { request } = ordersOf([QLM, RANDOM], about);
  const { results } = request;
  results.setFound(1, { ids: [], scores: new Float32Array(), seconds: 0.5 });
  const nothing = { order: new Uint16Array(), scores: new Float32Array(), calls: 0, cached: 0, tokens: 0 };
  results.setRanked(rowId(QLM), 1, {
    ...nothing,
    tokenSquares: 0,
    texts: null,
    padded: null,
    seconds: 0,
    cut: 0,
  });
  const pool = { popular: 0, above: 200, seed: 1, answerable: true };
  const options = { level: 1, condensed: false };
  const left = { ...request, recipe: { ...request.recipe, pool }, options, reference: null };
  for (const { costs, values } of rowResults(left)) {
    expect(values[1]).toBeUndefined();
    expect(costs[1]).toBeUndefined();
  }
});

describe('rows without a model', () => {
  it('order the candidates for nothing', () => {
    const { rows } = ordersOf([RANDOM, POPULAR], summary([['b', 5]]));
    expect(rows[0]!.orders[0]!.toSorted()).toEqual(['a', 'b', 'c']);
    expect(rows[1]!.orders[0]).toEqual(['b', 'a', 'c']);
    for (const { costs } of rows) expect(costs[0]).toMatchObject({ calls: 0, tokens: 0, seconds: null });
  });

  it('are empty where popularity has no counts', () => {
    const { rows } = ordersOf([POPULAR]);
    expect(rows[0]!.orders).toEqual([undefined]);
  });
});

it('come back from a stored recipe, without what is no fusion', () => {
  const stored = JSON.parse(JSON.stringify(recipe(QLM, RRF, HALF, RANDOM, POPULAR)));
  expect(readRecipe(stored)!.rows.map(rowId)).toEqual([QLM, RRF, HALF, RANDOM, POPULAR].map(rowId));
  stored.rows[1].fusion = { by: 'magic' };
  expect(readRecipe(stored)!.rows[1]!.fusion).toBeUndefined();
});
