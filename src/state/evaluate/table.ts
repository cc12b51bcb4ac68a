/** The table that is on the screen: rows and cells of now, and the tests of differences as soon as they are worked out. */
import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { PairComparison, ValuesByRow } from '../../evaluation/compare-all.ts';
import { MEASURE_IDS } from '../../evaluation/table/columns.ts';
import { type Coverage, coverageOf, onCommon } from '../../evaluation/table/coverage.ts';
import { comparedRows } from '../../evaluation/table/row-results.ts';
import {
  type EvaluationTable,
  evaluationTable,
  type RowResults,
  valuesOfRow,
} from '../../evaluation/table/table.ts';
import { analysisClient } from '../../workers/analysis-client.ts';
import { useModels } from '../models/models.ts';
import { useCollection } from './collection.ts';
import { defaultReference, type RowOrders, rowOrders, rowResults } from './rows.ts';
import { flopsOf, useShapes } from './shapes.ts';
import { type EvaluateState, useEvaluate } from './store.ts';

export interface ShownEvaluation {
  /** Id of the row that agreement and wins are to. */
  readonly reference: string;
  readonly orders: readonly RowOrders[];
  readonly rows: readonly RowResults[];
  /** Of all their queries, where `rows` have only those that are common, too. */
  readonly coverage: Coverage;
  readonly table: EvaluationTable;
  /** The tests of all measures that are shown are there. */
  readonly tested: boolean;
}

/** What there is to show; null while no data is open. */
export function useShownEvaluation(): ShownEvaluation | null {
  const summary = useCollection((s) => s.summary);
  const qrels = useCollection((s) => s.qrels);
  const recipe = useEvaluate((s) => s.recipe);
  const results = useEvaluate((s) => s.results);
  const version = useEvaluate((s) => s.version);
  const shown = useEvaluate((s) => s.shown);
  const catalog = useModels((s) => s.catalog);
  const shapes = useShapes((s) => s.byCheckpoint);
  const { level, condensed, common, columns, compared } = shown;
  const base = useMemo(() => {
    if (!summary || !recipe || results.found.length !== summary.queries.length) return null;
    void version;
    const flops = flopsOf(shapes, recipe);
    const request = { summary, qrels, recipe, results, catalog: catalog ?? [], flops };
    const orders = rowOrders(request);
    const ids = new Set(orders.map(({ id }) => id));
    const wanted = shown.reference !== null && ids.has(shown.reference) ? shown.reference : null;
    const reference = wanted ?? defaultReference(recipe, summary);
    const all = rowResults({ ...request, options: { level, condensed }, reference }, orders);
    const coverage = coverageOf(all);
    const rows = common && !coverage.even ? onCommon(all, coverage) : all;
    return { reference, orders, rows, coverage };
  }, [summary, qrels, recipe, results, version, catalog, shapes, shown.reference, level, condensed, common]);
  const even = base !== null && (common || base.coverage.even);
  const comparisons = useComparisons(even ? base.rows : undefined, columns, compared);
  return useMemo(() => {
    if (!base) return null;
    const judged = qrels.size > 0;
    const table = evaluationTable({ ...base, columns, judged, compared, comparisons: comparisons.byMeasure });
    return { ...base, table, tested: comparisons.whole };
  }, [base, columns, qrels, compared, comparisons]);
}

interface Comparisons {
  readonly rows: readonly RowResults[] | null;
  readonly byMeasure: ReadonlyMap<string, readonly PairComparison[]>;
}

const useCompared = create<Comparisons>()(() => ({ rows: null, byMeasure: new Map() }));

/** What the tests have in the worker's place. */
export type CompareAll = (rows: ValuesByRow) => Promise<PairComparison[]>;
const inWorker: CompareAll = (rows) => analysisClient().compareAll(rows);

/** Tested beside the page, measure by measure, while nothing is being ranked: then every row has its queries. */
function useComparisons(
  rows: readonly RowResults[] | undefined,
  columns: readonly string[],
  compared: string,
): { readonly byMeasure: Comparisons['byMeasure']; readonly whole: boolean } {
  const state = useEvaluate((s) => s.state);
  const done = useCompared();
  const measures = useMemo(
    () => [compared, ...columns.filter((id) => id !== compared)].filter((id) => MEASURE_IDS.includes(id)),
    [columns, compared],
  );
  const wanted = rows && state !== 'running' ? rows : null;
  useEffect(() => {
    if (wanted) void compareInTurn(wanted, measures, inWorker);
  }, [wanted, measures]);
  return useMemo(() => {
    const own = done.rows === rows;
    const byMeasure = own ? done.byMeasure : NONE;
    return { byMeasure, whole: own && measures.every((id) => byMeasure.has(id)) };
  }, [done, rows, measures]);
}
const NONE: Comparisons['byMeasure'] = new Map();

let latest = 0;
async function compareInTurn(
  rows: readonly RowResults[],
  measures: readonly string[],
  compare: CompareAll,
): Promise<void> {
  const turn = ++latest;
  if (useCompared.getState().rows !== rows) useCompared.setState({ rows, byMeasure: new Map() });
  for (const measure of measures) {
    if (useCompared.getState().byMeasure.has(measure)) continue;
    const pairs = await compare(comparedRows(rows).map((row) => valuesOfRow(row, measure))).catch(() => null);
    if (turn !== latest) return;
    if (pairs)
      useCompared.setState(({ byMeasure }) => ({ byMeasure: new Map(byMeasure).set(measure, pairs) }));
  }
}

/** The rows' progress, for the line above the table. */
export const isBusy = ({ state }: Pick<EvaluateState, 'state'>): boolean => state === 'running';
