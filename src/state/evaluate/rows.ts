/** The rows of the table from what has been ranked: measures, agreement and costs of every query, worked out once. */
import { type BaselineId, type Counts, rankBaseline } from '../../evaluation/baselines/baselines.ts';
import { kendallTau } from '../../evaluation/correlation.ts';
import { rankBiasedOverlap } from '../../evaluation/rbo.ts';
import {
  idealOrder,
  type MeasureOptions,
  type QueryValues,
  queryValues,
} from '../../evaluation/table/query-values.ts';
import type { QueryCost, RowResults } from '../../evaluation/table/table.ts';
import { type Fusion, fuse } from '../../ranking/fusion.ts';
import { methodNamed } from '../../ranking/methods/registry.ts';
import { kindOf } from '../../ranking/progress/progress.ts';
import type { Qrels } from '../../types.ts';
import type { CollectionSummary } from '../../workers/collection-protocol.ts';
import type { ModelEntry } from '../models/models.ts';
import { asksModel, baseOf, type ModelRowSpec, type Recipe, rowId, rowName } from './recipe.ts';
import type { Found, Ranked, Results } from './results.ts';

/** A list of ids that is the same object as long as it is the same order: what is worked out of it is kept with it. */
type Order = readonly string[];

export const FIRST_STAGE = 'first-stage';
export const CEILING = 'ceiling';
export const runRowId = (name: string): string => `run ${name}`;

export interface RowsRequest {
  readonly summary: CollectionSummary;
  readonly qrels: Qrels;
  readonly recipe: Recipe;
  readonly results: Results;
  readonly catalog: readonly ModelEntry[];
  readonly options: MeasureOptions;
  /** Id of the row that agreement is with. */
  readonly reference: string | null;
  /** Estimated operations of a ranking; null where the checkpoint's size is not known. */
  readonly flops?: (row: ModelRowSpec, ranked: Ranked) => number | null;
}

/** A row's orders, by query: what the table, the per-query list and exported runs are made of. */
export interface RowOrders {
  readonly id: string;
  readonly name: string;
  readonly kind: RowResults['kind'];
  readonly orders: readonly (Order | undefined)[];
  /** scores[i] belongs to orders[i] of the query. */
  readonly scores: (place: number) => ArrayLike<number>;
  readonly costs: readonly (QueryCost | undefined)[];
}

/** First stage, runs that were brought, the recipe's rows in its order, and the ceiling. */
export function rowOrders(request: Omit<RowsRequest, 'options' | 'reference'>): RowOrders[] {
  const { summary, recipe, results, catalog, qrels, flops } = request;
  const rows: RowOrders[] = [];
  if (summary.kind !== 'runs') {
    rows.push({
      id: FIRST_STAGE,
      name: recipe.firstStage ?? (summary.kind === 'hits' ? 'As listed' : 'BM25'),
      kind: 'first-stage',
      orders: results.found.map((found) => found?.ids),
      scores: (place) => results.found[place]?.scores ?? [],
      costs: results.found.map(
        (found) => found && { calls: 0, tokens: 0, padded: null, seconds: found.seconds, flops: null },
      ),
    });
  }
  for (const run of summary.runs) {
    const entries = new Map(run.entries.map(([query, ids, scores]) => [query, { ids, scores }]));
    rows.push({
      id: runRowId(run.name),
      name: run.name,
      kind: 'run',
      // As trec_eval with -c: a judged query that the run lacks counts 0.
      orders: summary.queries.map(({ id }) => entries.get(id)?.ids ?? NONE),
      scores: (place) => entries.get(summary.queries[place]!.id)?.scores ?? [],
      costs: [],
    });
  }
  if (summary.kind === 'runs') return rows;
  for (const row of recipe.rows) {
    const name = rowName(row, catalog, recipe.rows);
    if (!asksModel(row)) {
      rows.push(baselineRow(row.method as BaselineId, name, request));
      continue;
    }
    const ranked = results.rows.get(rowId(baseOf(row)))?.ranked ?? [];
    const shown = ranked.map((one, place) => one && fusedOf(results.found[place], one, row.fusion));
    rows.push({
      id: rowId(row),
      name,
      kind: 'method',
      orders: results.found.map((found, place) => found && shown[place] && idsOf(found, shown[place])),
      scores: (place) => shown[place]?.scores ?? [],
      costs: Array.from(ranked, (one) => one && costOf(one, row, flops)),
    });
  }
  if (summary.split !== '' || qrels.size > 0) {
    rows.push({
      id: CEILING,
      name: 'Ideal order of the candidates',
      kind: 'ceiling',
      orders: results.found.map(
        (found, place) => found && idealOf(found, qrels.get(summary.queries[place]!.id)),
      ),
      scores: () => [],
      costs: [],
    });
  }
  return rows;
}

/** A row that asks no model; empty where popularity has no counts. */
function baselineRow(
  id: BaselineId,
  name: string,
  { summary, results }: Pick<RowsRequest, 'summary' | 'results'>,
): RowOrders {
  const counts = countsOf(summary);
  const known = id === 'random' || counts !== undefined;
  const ranked = results.found.map((found, place) =>
    found && known ? baselineOf(id, summary.queries[place]!.id, found, counts) : undefined,
  );
  return {
    id,
    name,
    kind: 'method',
    orders: ranked.map((one) => one?.order),
    scores: (place) => ranked[place]?.scores ?? [],
    costs: ranked.map((one) => one && NO_COST),
  };
}

const NO_COST: QueryCost = { calls: 0, tokens: 0, padded: null, seconds: null, flops: null };

interface ByIds {
  readonly order: Order;
  readonly scores: readonly number[];
}
const randomOrders = new WeakMap<Found, ByIds>();
const popularOrders = new WeakMap<Found, ByIds>();

function baselineOf(id: BaselineId, query: string, found: Found, counts: Counts | undefined): ByIds {
  const memory = id === 'random' ? randomOrders : popularOrders;
  let known = memory.get(found);
  if (!known) {
    const { order, scores } = rankBaseline(id, query, found.ids, { counts });
    known = { order: order.map((i) => found.ids[i]!), scores };
    memory.set(found, known);
  }
  return known;
}

const countMaps = new WeakMap<CollectionSummary, Counts>();
function countsOf(summary: CollectionSummary): Counts | undefined {
  if (!summary.popularity) return undefined;
  let counts = countMaps.get(summary);
  if (!counts) {
    counts = new Map(summary.popularity);
    countMaps.set(summary, counts);
  }
  return counts;
}

const fusedRankings = new WeakMap<Ranked, Map<string, Ranked>>();

/** A ranking fused with the first stage's; it costs what the ranking itself did. */
function fusedOf(found: Found | undefined, ranked: Ranked, fusion: Fusion | undefined): Ranked {
  if (!fusion || !found) return ranked;
  let memory = fusedRankings.get(ranked);
  if (!memory) {
    memory = new Map();
    fusedRankings.set(ranked, memory);
  }
  const key = JSON.stringify(fusion);
  let fused = memory.get(key);
  if (!fused) {
    const { order, scores } = fuse(
      [...found.scores],
      { order: [...ranked.order], scores: [...ranked.scores] },
      fusion,
    );
    fused = { ...ranked, order: Uint16Array.from(order), scores: Float32Array.from(scores) };
    memory.set(key, fused);
  }
  return fused;
}

const NONE: Order = [];

/** The rows with all that a table says of them. */
export function rowResults(
  request: RowsRequest,
  rows: readonly RowOrders[] = rowOrders(request),
): RowResults[] {
  const { summary, qrels, options, reference, recipe, results } = request;
  /** Left out of every row. */
  const isOut = (place: number): boolean =>
    recipe.pool?.answerable === true && summary.kind !== 'runs' && results.found[place]?.ids.length === 0;
  const chosen = rows.find(({ id }) => id === reference);
  return rows.map((row) => {
    const { id, name, kind, orders, costs } = row;
    const values = orders.map((order, place) => {
      const grades = qrels.get(summary.queries[place]!.id);
      return order && !isOut(place) ? valuesOf(order, grades, options) : undefined;
    });
    const agreement = chosen && chosen !== row && kind !== 'ceiling';
    return {
      id,
      name,
      kind,
      values,
      costs: costs.map((cost, place) => (isOut(place) ? undefined : cost)),
      tau: agreement ? agreementOf(taus, kendallTau, orders, chosen.orders) : undefined,
      rbo: agreement ? agreementOf(overlaps, rankBiasedOverlap, orders, chosen.orders) : undefined,
    };
  });
}

/**
 * The row that agreement is with where nobody has chosen: the last that compares pairs, else the last that compares
 * passages otherwise (a setwise or listwise row that is added takes no teacher's place), else the first stage.
 */
export function defaultReference({ rows }: Recipe, summary: CollectionSummary): string {
  if (summary.kind === 'runs') return runRowId(summary.runs[0]?.name ?? '');
  const comparing = rows
    .filter(asksModel)
    .filter(({ method, fusion }) => !fusion && kindOf(method) === 'comparing');
  const chosen =
    comparing.findLast(({ method }) => methodNamed(method).kind === 'pairwise') ?? comparing.at(-1);
  return chosen ? rowId(chosen) : FIRST_STAGE;
}

const ids = new WeakMap<Ranked, Order>();
function idsOf(found: Found, ranked: Ranked): Order {
  let order = ids.get(ranked);
  if (!order) {
    order = Array.from(ranked.order, (position) => found.ids[position]!);
    ids.set(ranked, order);
  }
  return order;
}

const ideals = new WeakMap<Found, Order>();
function idealOf(found: Found, grades: ReadonlyMap<string, number> = new Map()): Order {
  let order = ideals.get(found);
  if (!order) {
    order = idealOrder(found.ids, grades);
    ideals.set(found, order);
  }
  return order;
}

const known = new WeakMap<
  Order,
  { readonly grades: object; readonly options: MeasureOptions; readonly values: QueryValues }
>();
function valuesOf(
  order: Order,
  grades: ReadonlyMap<string, number> = NO_GRADES,
  options: MeasureOptions,
): QueryValues {
  const before = known.get(order);
  const { level, condensed } = options;
  if (before?.grades === grades && before.options.level === level && before.options.condensed === condensed)
    return before.values;
  const values = queryValues(order, grades, options);
  // The empty order is one object for all queries.
  if (order !== NONE) known.set(order, { grades, options, values });
  return values;
}
const NO_GRADES: ReadonlyMap<string, number> = new Map();

type Agreements = WeakMap<Order, WeakMap<Order, number>>;
const taus: Agreements = new WeakMap();
const overlaps: Agreements = new WeakMap();

function agreementOf(
  memory: Agreements,
  measure: (a: Order, b: Order) => number | undefined,
  own: readonly (Order | undefined)[],
  other: readonly (Order | undefined)[],
): (number | undefined)[] {
  return own.map((a, place) => {
    const b = other[place];
    if (!a || !b) return undefined;
    let inner = memory.get(a);
    if (!inner) {
      inner = new WeakMap();
      memory.set(a, inner);
    }
    const before = inner.get(b);
    if (before !== undefined) return before;
    const value = measure(a, b);
    if (value !== undefined) inner.set(b, value);
    return value;
  });
}

const costs = new WeakMap<Ranked, QueryCost>();
function costOf(ranked: Ranked, row: ModelRowSpec, flops: RowsRequest['flops']): QueryCost {
  const before = costs.get(ranked);
  const operations = flops?.(row, ranked) ?? null;
  if (before && before.flops === operations) return before;
  const { calls, tokens, padded, seconds } = ranked;
  const cost = { calls, tokens, padded, seconds, flops: operations };
  costs.set(ranked, cost);
  return cost;
}
