/** From rankings to the rows of a table: measures, costs, differences to the baseline, agreement. */
import { RankscopeError } from '../../src/errors.ts';
import { compareRows } from '../../src/evaluation/compare-rows.ts';
import { kendallTau } from '../../src/evaluation/correlation.ts';
import { evaluateRun } from '../../src/evaluation/evaluate-run.ts';
import { scoresAlone } from '../../src/ranking/template.ts';
import { kindOf } from '../../src/ranking/templates.ts';
import type { Run, RunEntry } from '../../src/types.ts';
import type { EvaluateRequest, ResultRow } from './evaluate-request.ts';
import type { JournalEntry } from './journal.ts';
import { isModelMethod } from './rows.ts';
import { measuredValues } from './score-runs.ts';
import type { EvaluationSet } from './sets.ts';

export interface FinishedRow
  extends Pick<
    ResultRow,
    | 'name'
    | 'method'
    | 'fusion'
    | 'shuffled'
    | 'random'
    | 'checkpoint'
    | 'template'
    | 'trainedTemplate'
    | 'cutQueries'
  > {
  readonly set: EvaluationSet;
  readonly slug: string;
  readonly entries: ReadonlyMap<string, JournalEntry>;
  /** Whether `seconds` were measured. */
  readonly timed: boolean;
}

export interface EvaluatedRow extends ResultRow {
  /** As it is written and as it was evaluated. */
  readonly ranking: Run;
  readonly slug: string;
}

/** Rows set by set. @throws RankscopeError 'bad-input' when no row has the baseline's name */
export function resultRows(
  request: Pick<EvaluateRequest, 'measures' | 'compared' | 'baseline'>,
  sets: readonly EvaluationSet[],
  finished: readonly FinishedRow[],
): EvaluatedRow[] {
  return sets.flatMap((set) =>
    rowsOfSet(
      request,
      set,
      finished.filter((row) => row.set === set),
    ),
  );
}

function rowsOfSet(
  { measures, compared, baseline }: Pick<EvaluateRequest, 'measures' | 'compared' | 'baseline'>,
  set: EvaluationSet,
  rows: readonly FinishedRow[],
): EvaluatedRow[] {
  const evaluated = rows.map((row) => {
    const ranking = toRun(set, row);
    return {
      ...row,
      ranking,
      evaluation: evaluateRun(byPlace(ranking), set.qrels, measures, { complete: true }),
    };
  });
  const names = rows.map(({ name }) => name);
  if (baseline !== undefined && !names.includes(baseline)) {
    throw new RankscopeError(
      'bad-input',
      `--baseline is “${baseline}”; it must be one of ${names.join(', ')}.`,
    );
  }
  const differences = compareRows(evaluated, baseline ?? names[0] ?? '', compared);
  const teacher = rows.find(
    ({ method, fusion }) => !fusion && isModelMethod(method) && !scoresAlone(kindOf(method)),
  );
  return evaluated.map(({ set: _, entries, timed, evaluation, ...row }, i) => {
    const tau = teacher && teacher.name !== row.name ? meanTau(entries, teacher.entries) : undefined;
    return {
      ...row,
      set: set.name,
      queries: evaluation.perQuery.size,
      measures: measuredValues(evaluation),
      perQuery: Object.fromEntries(evaluation.perQuery),
      ...costs(set, entries, timed),
      tau: tau === undefined ? undefined : { to: teacher!.name, value: tau },
      difference: differences[i],
      run: `runs/${set.name}/${row.slug}.trec`,
    };
  });
}

/** With the rankings' own scores: writeTrecRun replaces them where they would not give the order. */
function toRun({ jobs }: EvaluationSet, { entries }: FinishedRow): Run {
  const run = new Map<string, RunEntry[]>();
  for (const { query } of jobs) {
    const { order = [], scores = [] } = entries.get(query.id) ?? {};
    if (order.length === 0) continue;
    run.set(
      query.id,
      order.map((id, place) => ({ id, score: scores[place]! })),
    );
  }
  return run;
}

/** The same order with places for scores: ties would be put by passage id, as trec_eval does it. */
function byPlace(run: Run): Run {
  return new Map(
    [...run].map(([query, entries]) => [query, entries.map(({ id }, place) => ({ id, score: -place }))]),
  );
}

/** Over the queries that have candidates. */
function costs({ jobs }: EvaluationSet, entries: ReadonlyMap<string, JournalEntry>, timed: boolean) {
  const asked = jobs.filter(({ candidates }) => candidates.length > 0);
  const done = asked.flatMap(({ query }) => entries.get(query.id) ?? []);
  const mean = (value: (entry: JournalEntry) => number) =>
    done.length === 0 ? 0 : done.reduce((sum, entry) => sum + value(entry), 0) / done.length;
  const callsPerQuery = mean(({ calls }) => calls);
  const passages = asked.reduce((sum, { candidates }) => sum + candidates.length, 0);
  return {
    callsPerQuery,
    secondsPerQuery: timed ? mean(({ seconds }) => seconds) : undefined,
    tokensPerCall: callsPerQuery > 0 ? mean(({ tokens }) => tokens) / callsPerQuery : undefined,
    cutShare:
      callsPerQuery > 0 ? done.reduce((sum, { cutPassages }) => sum + cutPassages, 0) / passages : undefined,
  };
}

function meanTau(
  rows: ReadonlyMap<string, JournalEntry>,
  teacher: ReadonlyMap<string, JournalEntry>,
): number | undefined {
  const taus = [...teacher].flatMap(([query, { order }]) => {
    const tau = kendallTau(rows.get(query)?.order ?? [], order);
    return tau === undefined ? [] : [tau];
  });
  return taus.length === 0 ? undefined : taus.reduce((sum, tau) => sum + tau, 0) / taus.length;
}
