/**
 * The last results as they were stored before runs had logs: three columns, each with candidates and decisions of its
 * own. Only read. A log is made of what is there; its events have no times but the whole run's.
 */
import * as v from 'valibot';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import type { RankingTotals } from '../../ranking/types.ts';
import { randomName } from '../../storage/random-name.ts';
import { isFiniteNumber, isNumber, isObject } from '../checks.ts';
import type { CandidateSet, Columns, Run } from '../run/run.ts';
import { CANDIDATES } from '../settings.ts';
import { unpackBm25 } from './saved-settings.ts';
import { finite, flag, listUpTo, readAs, text } from './shapes.ts';
import {
  answersUpTo,
  isDecision,
  isPermutation,
  isScored,
  storedCandidates,
  storedHits,
} from './stored-events.ts';
import { columnsOf, firstStageOf, modelRunFrom, storedColumns, storedFacts } from './stored-runs.ts';

const IDS = ['bm25', 'student', 'teacher'] as const;

const most = CANDIDATES.max;
const stored = v.pipe(
  v.looseObject({
    inputKey: text,
    baseKey: text,
    query: text,
    queryId: text,
    candidates: storedCandidates,
    order: listUpTo(most, finite),
    scores: listUpTo(most, v.custom<number>(isNumber)),
    hits: storedHits,
    ms: finite,
    earlierMs: v.fallback(finite, 0),
  }),
  v.check(
    ({ candidates, order, scores }) =>
      isPermutation(order, candidates.length) && scores.length === candidates.length,
  ),
);

/** undefined when something is wrong with it. */
export function readVersion1(data: unknown): Columns | undefined {
  if (!isObject(data)) return undefined;
  const sets = new Map<string, CandidateSet>();
  const runs = IDS.map((id) => readColumn(data[id], sets));
  if (runs.includes(undefined)) return undefined;
  const columns = readAs(
    storedColumns,
    Object.fromEntries(
      IDS.map((id, i) => {
        const { state, explanation } = data[id] as { state: unknown; explanation: unknown };
        return [id, { state, explanation, shows: runs[i]?.id ?? null, waiting: false }];
      }),
    ),
  );
  return (
    columns &&
    columnsOf(
      columns,
      runs.filter((run) => run !== null && run !== undefined),
    )
  );
}

/** null: the column shows no run. */
function readColumn(data: unknown, sets: Map<string, CandidateSet>): Run | null | undefined {
  const column = readAs(stored, data);
  if (!column) return undefined;
  const { inputKey, baseKey, query, queryId, candidates, hits, ms } = column;
  if (inputKey === '') return null;
  const n = candidates.length;
  // The columns of one run had a copy each.
  const set: CandidateSet = sets.get(baseKey) ?? {
    id: randomName(),
    query: { id: queryId, text: query },
    baseKey,
    firstStage: {
      bm25: unpackBm25(column.bm25, 'none'),
      k: n,
      fill: candidates.some(({ filled }) => filled),
    },
    candidates,
  };
  if (set.candidates.length !== n) return undefined;
  sets.set(baseKey, set);
  const id = randomName();
  if (column.method === 'bm25') return firstStageOf({ id, set, inputKey, hits, ms });
  const facts = readAs(storedFacts, { ...column, id, trueProbabilities: false });
  const answers = readAs(answersOver(n), column);
  if (!facts || !answers) return undefined;
  return modelRunFrom({ ...facts, set }, logOf(answers, column));
}

/** What a column says beside its order, over n candidates. */
const answersOver = (n: number) =>
  v.object({
    planned: v.nullable(v.object({ calls: finite, upperBound: flag(false) })),
    decisions: v.nullable(answersUpTo(n * n, n, isDecision)),
    // By candidate position; those without a score are null or not there.
    scored: v.pipe(
      v.custom<unknown[]>((list) => Array.isArray(list) && list.length <= n),
      v.transform((list) => list.filter((item) => item !== undefined && item !== null)),
      answersUpTo(n, n, isScored),
    ),
    totals: v.nullable(v.custom<RankingTotals>((value) => isObject(value) && isFiniteNumber(value.seconds))),
  });

/** What was decided or scored, as if it had come at once at the run's end. */
function logOf(
  { planned, decisions, scored, totals }: v.InferOutput<ReturnType<typeof answersOver>>,
  { order, scores, ms, earlierMs }: v.InferOutput<typeof stored>,
): LogEvent[] {
  const log: LogEvent[] = [];
  if (earlierMs > 0) log.push({ type: 'resumed', at: earlierMs });
  if (planned) log.push({ type: 'planned', ...planned, at: ms });
  if (decisions) log.push({ type: 'decided', items: decisions, at: ms });
  if (scored.length > 0) log.push({ type: 'scored', items: scored, at: ms });
  log.push({ type: 'ranking', order, scores, at: ms });
  if (totals) log.push({ type: 'done', totals, at: ms });
  return log;
}
