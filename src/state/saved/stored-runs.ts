/** From what is stored of the columns and their runs to what the page shows: the facts are checked, the rest is folded from the log. */

import type { RecordedCheckpoint } from '../../formats/recording/recording.ts';
import { readFusion } from '../../ranking/fusion.ts';
import { readMethodId } from '../../ranking/methods/registry.ts';
import { applyEvents } from '../../ranking/progress/apply-events.ts';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import { CHOICE_NAMES, type GivenChoices } from '../../ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import type { SearchHit } from '../../retrieval/types.ts';
import { isFiniteNumber, isListUpTo, isObject, isText } from '../checks.ts';
import {
  beginRun,
  type CandidateSet,
  COLUMNS,
  type Column,
  type ColumnState,
  type Columns,
  type FirstStageRun,
  idleColumn,
  type ModelRun,
  type Run,
} from '../run/run.ts';
import { RunLog } from '../run/run-log.ts';
import { CANDIDATES } from '../settings.ts';
import { unpackBm25 } from './saved-settings.ts';
import { isCandidate } from './stored-events.ts';

const STATES: readonly ColumnState[] = ['idle', 'running', 'done', 'cancelled', 'error'];

/** What is stored of a column. */
export type StoredColumn = Pick<Column, 'state' | 'explanation' | 'shows' | 'waiting'>;

/** What is stored of a model's run beside its log. */
export type RunFacts = Pick<
  ModelRun,
  | 'id'
  | 'inputKey'
  | 'method'
  | keyof GivenChoices
  | 'fusion'
  | 'trueProbabilities'
  | 'template'
  | 'info'
  | 'raced'
>;

/** undefined when something is wrong with it. What was running when the page went comes back as cancelled. */
export function columnsOf(stored: unknown, runs: readonly Run[]): Columns | undefined {
  if (!isObject(stored)) return undefined;
  const columns = { bm25: idleColumn, student: idleColumn, teacher: idleColumn };
  const byId = new Map(runs.map((run) => [run.id, run]));
  for (const id of COLUMNS) {
    const column = stored[id];
    const state = isObject(column) && STATES.find((one) => one === column.state);
    if (!isObject(column) || !state) return undefined;
    const { shows, explanation } = column;
    if (shows !== null && !(isText(shows) && byId.has(shows))) return undefined;
    columns[id] = {
      ...idleColumn,
      state: state === 'running' || state === 'error' ? 'cancelled' : state,
      shows,
      waiting: column.waiting === true,
      explanation: isText(explanation) ? explanation : null,
    };
  }
  return { columns, runs: Object.fromEntries(byId) };
}

export function readSet(data: unknown): CandidateSet | undefined {
  if (!isObject(data) || !isObject(data.query)) return undefined;
  const { id, query, baseKey, firstStage, candidates } = data;
  if (!isText(id) || !isText(baseKey) || !isText(query.id) || !isText(query.text)) return undefined;
  if (!isListUpTo(candidates, CANDIDATES.max, isCandidate)) return undefined;
  const found = isObject(firstStage) && isFiniteNumber(firstStage.k) ? firstStage : null;
  return {
    id,
    baseKey,
    candidates,
    query: { id: query.id, text: query.text },
    firstStage: found && { bm25: unpackBm25(found.bm25), k: found.k as number, fill: found.fill === true },
  };
}

/** BM25's run: its order is that of the candidates. */
export function firstStageOf(
  of: Pick<FirstStageRun, 'id' | 'set' | 'inputKey' | 'ms'> & { readonly hits: readonly SearchHit[] },
): FirstStageRun {
  const { candidates } = of.set;
  const order = candidates.map((_, i) => i);
  return { ...of, kind: 'first-stage', method: 'bm25', order, scores: candidates.map(({ score }) => score) };
}

/** The facts of a model's run over a set; undefined when something is wrong with them. */
export function readFacts(
  data: Readonly<Record<string, unknown>>,
  set: CandidateSet,
): (RunFacts & { readonly set: CandidateSet }) | undefined {
  const { id, inputKey, template, info } = data;
  const method = readMethodId(data.method);
  if (!isText(id) || !isText(inputKey) || !method) return undefined;
  if (info !== null && !isInfo(info)) return undefined;
  if (template !== null && !(isObject(template) && isText(template.name))) return undefined;
  return {
    id,
    inputKey,
    set,
    method,
    ...Object.fromEntries(
      CHOICE_NAMES.filter((name) => isFiniteNumber(data[name])).map((name) => [name, data[name]]),
    ),
    fusion: readFusion(data.fusion),
    trueProbabilities: data.trueProbabilities === true,
    template: template as PromptTemplate | null,
    info: info as RecordedCheckpoint | null,
    raced: data.raced === true,
  };
}

/** A run as its log has it. */
export function modelRunFrom(
  { template, info, ...facts }: RunFacts & { readonly set: CandidateSet },
  events: readonly LogEvent[],
): ModelRun {
  const run = { ...beginRun({ ...facts, log: new RunLog(events) }), template, info };
  return applyEvents(run, events);
}

const isInfo = (value: unknown): value is RecordedCheckpoint =>
  isObject(value) &&
  isText(value.name) &&
  isText(value.digest) &&
  isText(value.device) &&
  isText(value.dtype);
