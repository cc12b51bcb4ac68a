/**
 * The last results as they were stored before runs had logs: three columns, each with candidates and decisions of its
 * own. Only read. A log is made of what is there; its events have no times but the whole run's.
 */
import type { LogEvent } from '../../ranking/progress/progress.ts';
import type { RankingTotals } from '../../ranking/types.ts';
import { randomName } from '../../storage/random-name.ts';
import { isFiniteNumber, isListUpTo, isNumber, isObject, isText } from '../checks.ts';
import type { CandidateSet, Columns, Run } from '../run/run.ts';
import { CANDIDATES } from '../settings.ts';
import { unpackBm25 } from './saved-settings.ts';
import { isCandidate, isDecision, isHit, isPermutation, isScored } from './stored-events.ts';
import { columnsOf, firstStageOf, modelRunFrom, readFacts } from './stored-runs.ts';

const IDS = ['bm25', 'student', 'teacher'] as const;

/** undefined when something is wrong with it. */
export function readVersion1(data: unknown): Columns | undefined {
  if (!isObject(data)) return undefined;
  const sets = new Map<string, CandidateSet>();
  const runs = IDS.map((id) => readColumn(data[id], sets));
  if (runs.includes(undefined)) return undefined;
  return columnsOf(
    Object.fromEntries(
      IDS.map((id, i) => {
        const { state, explanation } = data[id] as { state: unknown; explanation: unknown };
        return [id, { state, explanation, shows: runs[i]?.id ?? null, waiting: false }];
      }),
    ),
    runs.filter((run) => run !== null && run !== undefined),
  );
}

/** null: the column shows no run. */
function readColumn(data: unknown, sets: Map<string, CandidateSet>): Run | null | undefined {
  if (!isObject(data)) return undefined;
  const { inputKey, baseKey, query, queryId, candidates, order, scores, hits, ms } = data;
  if (!isText(inputKey) || !isText(baseKey) || !isText(query) || !isText(queryId)) return undefined;
  const most = CANDIDATES.max;
  if (!isListUpTo(candidates, most, isCandidate) || !isListUpTo(scores, most, isNumber)) return undefined;
  const n = candidates.length;
  if (!isPermutation(order, n) || scores.length !== n || !isFiniteNumber(ms)) return undefined;
  if (!isListUpTo(hits, most, isHit)) return undefined;
  if (inputKey === '') return null;
  // The columns of one run had a copy each.
  const set: CandidateSet = sets.get(baseKey) ?? {
    id: randomName(),
    query: { id: queryId, text: query },
    baseKey,
    firstStage: {
      bm25: unpackBm25(data.bm25, 'none'),
      k: n,
      fill: candidates.some(({ filled }) => filled),
    },
    candidates,
  };
  if (set.candidates.length !== n) return undefined;
  sets.set(baseKey, set);
  const id = randomName();
  if (data.method === 'bm25') return firstStageOf({ id, set, inputKey, hits, ms });
  const facts = readFacts({ ...data, id, trueProbabilities: false }, set);
  const log = facts && readLog(data, n, { order, scores }, ms);
  return facts && log && modelRunFrom(facts, log);
}

/** What was decided or scored, as if it had come at once at the run's end. */
function readLog(
  data: Readonly<Record<string, unknown>>,
  n: number,
  ranking: { readonly order: readonly number[]; readonly scores: readonly number[] },
  ms: number,
): LogEvent[] | undefined {
  const { planned, totals, earlierMs, decisions } = data;
  const log: LogEvent[] = [];
  if (isFiniteNumber(earlierMs) && earlierMs > 0) log.push({ type: 'resumed', at: earlierMs });
  if (planned !== null) {
    if (!isObject(planned) || !isFiniteNumber(planned.calls)) return undefined;
    log.push({ type: 'planned', calls: planned.calls, upperBound: planned.upperBound === true, at: ms });
  }
  if (decisions !== null) {
    if (!isListUpTo(decisions, n * n, (one) => isDecision(one, n))) return undefined;
    log.push({ type: 'decided', items: decisions, at: ms });
  }
  const scored = Array.isArray(data.scored) && data.scored.length <= n ? data.scored : undefined;
  if (!scored) return undefined;
  const items = scored.filter((item) => item !== undefined && item !== null);
  if (!isListUpTo(items, n, (item) => isScored(item, n))) return undefined;
  if (items.length > 0) log.push({ type: 'scored', items, at: ms });
  log.push({ type: 'ranking', ...ranking, at: ms });
  if (totals !== null) {
    if (!isObject(totals) || !isFiniteNumber(totals.seconds)) return undefined;
    log.push({ type: 'done', totals: totals as unknown as RankingTotals, at: ms });
  }
  return log;
}
