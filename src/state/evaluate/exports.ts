/** What an evaluation is handed on as: its table for papers and spreadsheets, everything as JSON, runs for trec_eval. */
import { DEFAULT_SEED, expectedAccuracy } from '../../evaluation/baselines/baselines.ts';
import { heading } from '../../evaluation/headings.ts';
import { MEASURE_IDS } from '../../evaluation/table/columns.ts';
import { valueIndex } from '../../evaluation/table/query-values.ts';
import type { RowResults } from '../../evaluation/table/table.ts';
import type { BesideReport } from '../../formats/evaluation/beside-writers.ts';
import type { EvaluationReport } from '../../formats/evaluation/report.ts';
import { counted } from '../../formats/excerpt.ts';
import { TAG_PREFIX, trecId } from '../../formats/run-ids.ts';
import { writeTrecRuns } from '../../formats/runs.ts';
import { uniqueName } from '../../formats/unique-name.ts';
import { RRF_K } from '../../ranking/fusion.ts';
import { bm25Record, bm25Text } from '../../retrieval/params.ts';
import type { Qrels, Query, Run } from '../../types.ts';
import { useModels } from '../models/models.ts';
import { useCollection } from './collection.ts';
import { besidePaper, presetNamed, presetSpec, usePresets } from './presets.ts';
import { baseOf, type Recipe, rowId, wordingNamed } from './recipe.ts';
import { repairNotes } from './repairs.ts';
import type { Results, RowMeta } from './results.ts';
import { CEILING, type RowOrders } from './rows.ts';
import { useEvaluate } from './store.ts';
import type { ShownEvaluation } from './table.ts';

/** For Markdown and LaTeX. */
export function reportOf({ table, tested, coverage }: ShownEvaluation): EvaluationReport {
  const { summary, qrels, bm25 } = useCollection.getState();
  const { recipe, shown, results } = useEvaluate.getState();
  const { name = '', split = '', splits = [], queries = [], kind } = summary ?? {};
  const metas = [...results.rows.values()].flatMap(({ meta }) => meta ?? []);
  const models = metas.filter(({ service }) => service === undefined);
  const first = models[0];
  const dtypes = [...new Set(models.map(({ dtype }) => dtype))].join(', ');
  const unfinished = table.rows.some((row) => row.queries < queries.length);
  return {
    name: splits.length > 1 ? `${name}, ${split}` : name,
    queries: queries.length,
    depth: kind === 'runs' ? null : (recipe?.depth ?? null),
    table,
    compared: qrels.size > 0 ? heading(shown.compared) : null,
    tested,
    notes: [
      ...(kind === 'collection' && recipe
        ? [
            `All methods re-rank the same candidates, ${recipe.firstStage ? `those of the run ${recipe.firstStage}` : `found by ${bm25 ? bm25Text(bm25) : 'BM25'}`}.`,
          ]
        : []),
      ...(qrels.size > 0
        ? [
            `Measures as in trec_eval with -c${shown.level > 1 ? ` -l ${shown.level}` : ''}: all judged queries count.`,
          ]
        : []),
      ...(shown.condensed
        ? ['Condensed lists: passages without a judgment were taken out of every ranking first.']
        : []),
      ...randomNotes(recipe, results, queries, qrels, shown.level),
      ...(recipe?.rows.some(({ fusion }) => fusion?.by === 'rrf')
        ? [`Fused, RRF: reciprocal rank fusion with the first stage, k = ${RRF_K}.`]
        : []),
      ...(recipe?.rows.some(({ fusion }) => fusion?.by === 'interpolation')
        ? ['Fused, λ: λ · method + (1 − λ) · first stage, standardised scores.']
        : []),
      ...(first
        ? [
            `Seconds are wall time, warm: ${first.runtime}, ${first.device}, ${first.threads === 1 ? '1 thread' : `${first.threads} threads`}, ${dtypes}, in a browser.`,
          ]
        : []),
      ...repairNotes(recipe, results, useModels.getState().catalog ?? []),
      ...serviceNotes(metas),
      ...promptNotes(recipe),
      ...(coverage.even
        ? []
        : [
            shown.common
              ? `All values are over the ${counted(coverage.commonCount, 'query', 'queries')} that every row has.`
              : 'Rows have different queries: nothing is marked as best or as significant.',
          ]),
      ...(unfinished ? ['The evaluation is not finished: rows are over the queries that they have.'] : []),
    ],
  };
}

const serviceNotes = (metas: readonly RowMeta[]): string[] => [
  ...new Set(
    metas.flatMap(({ checkpoint, service }) =>
      service === undefined
        ? []
        : [`${checkpoint} was asked at ${service}: its seconds are those of the network, too.`],
    ),
  ),
];

/** Wordings that nobody could look up. */
const promptNotes = (recipe: Recipe | null): string[] => [
  ...new Set(
    (recipe?.rows ?? []).flatMap(({ template }) =>
      typeof template === 'object'
        ? [`Prompt “${template.name}”: ${template.text.replaceAll('\n', ' ⏎ ')}`]
        : [],
    ),
  ),
];

/** A single draw says little: what it would be on average. */
function randomNotes(
  recipe: Recipe | null,
  { found }: Results,
  queries: readonly Query[],
  qrels: Qrels,
  level: number,
): string[] {
  if (qrels.size === 0 || !recipe?.rows.some(({ method }) => method === 'random')) return [];
  const values = found.flatMap((one, i) =>
    one ? [expectedAccuracy(one.ids, qrels.get(queries[i]!.id) ?? new Map(), level)] : [],
  );
  if (values.length === 0) return [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    `Random: one order drawn with seed ${DEFAULT_SEED}; over all orders Acc@1 is ${mean.toFixed(4)} on average.`,
  ];
}

/** The chosen preset's table beside one's own results; null where none is chosen. */
export function besideReport({ rows }: Pick<ShownEvaluation, 'rows'>): BesideReport | null {
  const { recipe, shown } = useEvaluate.getState();
  const { summary } = useCollection.getState();
  const preset = presetNamed(shown.preset?.id);
  const source = usePresets.getState().file?.source;
  if (!preset || !source || !recipe) return null;
  const set = (preset.sets.find(({ id }) => id === shown.preset?.set) ?? preset.sets[0]!).id;
  const catalog = useModels.getState().catalog ?? [];
  const queries = counted(summary?.queries.length ?? 0, 'query', 'queries');
  return {
    source,
    preset,
    set,
    data: `${summary?.name ?? ''} (${queries}, top ${recipe.depth})`,
    rows: besidePaper(preset, set, { rows, recipe, catalog }),
    specs: recipe.rows.map(presetSpec),
  };
}

/** In the shape of the trainer's results.json, with the values of every query. */
export function evaluationJson({ table, rows, reference }: ShownEvaluation): string {
  const { summary, bm25 } = useCollection.getState();
  const { recipe, shown, results } = useEvaluate.getState();
  const set = summary?.name ?? '';
  const queries = summary?.queries ?? [];
  const name = rows.find(({ id }) => id === reference)?.name ?? '';
  const document = {
    format: 'rankscope-evaluation',
    version: 1,
    k: recipe?.depth,
    firstStage: recipe?.firstStage
      ? { run: recipe.firstStage }
      : summary?.kind === 'hits'
        ? { candidates: set }
        : { bm25: bm25 && bm25Record(bm25) },
    measures: MEASURE_IDS,
    compared: shown.compared,
    level: shown.level,
    condensed: shown.condensed,
    sets: [{ name: set, split: summary?.split ?? '', queries: queries.length }],
    rows: rows.map((row) => {
      const spec = recipe?.rows.find((one) => rowId(one) === row.id);
      const shownRow = table.rows.find(({ id }) => id === row.id);
      const costs = row.costs.filter((one) => one !== undefined);
      const mean = (of: (cost: (typeof costs)[number]) => number | null): number | undefined => {
        const known = costs.flatMap((one) => of(one) ?? []);
        return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
      };
      return {
        set,
        name: row.name,
        kind: row.kind,
        method: spec?.method ?? (row.kind === 'first-stage' ? 'bm25' : undefined),
        fusion: spec?.fusion,
        prompt: wordingNamed(spec?.template),
        checkpoint: (spec && results.rows.get(rowId(baseOf(spec)))?.meta) ?? null,
        queries: shownRow?.queries,
        measures: meansOf(row),
        perQuery: Object.fromEntries(
          queries.flatMap(({ id }, place) => {
            const values = row.values[place];
            return values ? [[id, MEASURE_IDS.map((measure) => values[valueIndex(measure)])]] : [];
          }),
        ),
        callsPerQuery: mean(({ calls }) => calls),
        tokensPerQuery: mean(({ tokens }) => tokens),
        paddedTokensPerQuery: mean(({ padded }) => padded),
        secondsPerQuery: mean(({ seconds }) => seconds),
        flopsPerQuery: mean(({ flops }) => flops),
        secondsByQuery: row.kind === 'method' ? row.costs.map((one) => one?.seconds ?? null) : undefined,
        tau: row.tau && { to: name, value: meanOf(row.tau) },
        rbo: row.rbo && { to: name, value: meanOf(row.rbo) },
        against: shownRow?.against ? { row: name, measure: shown.compared, ...shownRow.against } : undefined,
      };
    }),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

const meanOf = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
};

const meansOf = ({ values }: RowResults): Record<string, number | undefined> =>
  Object.fromEntries(MEASURE_IDS.map((id) => [id, meanOf(values.map((one) => one?.[valueIndex(id)]))]));

/** One file, a tag a row; the ceiling is no ranking of anybody's. @throws RankscopeError 'bad-input' as `writeTrecRun` does */
export function evaluationRuns({ orders }: Pick<ShownEvaluation, 'orders'>): string {
  const queries = useCollection.getState().summary?.queries ?? [];
  const tags = new Set<string>();
  return writeTrecRuns(
    orders
      .filter(({ id, orders: own }) => id !== CEILING && own.some((order) => order && order.length > 0))
      .map((row) => {
        const tag = row.kind === 'run' ? row.name : TAG_PREFIX + row.name;
        return [uniqueName(trecId(tag), tags), runOf(row, queries)] as const;
      }),
  );
}

function runOf({ orders, scores }: RowOrders, queries: readonly { readonly id: string }[]): Run {
  return new Map(
    queries.flatMap(({ id }, place) => {
      const order = orders[place];
      if (!order || order.length === 0) return [];
      const own = scores(place);
      return [[id, order.map((passage, i) => ({ id: passage, score: own[i] ?? Number.NaN }))] as const];
    }),
  );
}
