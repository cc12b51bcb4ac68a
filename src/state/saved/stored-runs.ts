/** From what is stored of the columns and their runs to what the page shows: the facts are checked, the rest is folded from the log. */
import * as v from 'valibot';
import type { RecordedCheckpoint } from '../../formats/recording/recording.ts';
import { readFusion } from '../../ranking/fusion.ts';
import { METHOD_IDS, readMethodId } from '../../ranking/methods/registry.ts';
import { applyEvents } from '../../ranking/progress/apply-events.ts';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import { CHOICE_NAMES, type GivenChoices } from '../../ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import type { SearchHit } from '../../retrieval/types.ts';
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
import { unpackBm25 } from './saved-settings.ts';
import { finite, flag, orNone, orNull, readAs, readBy, text, withTexts } from './shapes.ts';
import { storedCandidates } from './stored-events.ts';

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

const column = v.object({
  // What was running when the page went comes back as cancelled.
  state: v.pipe(
    v.picklist(STATES),
    v.transform((state): ColumnState => (state === 'running' || state === 'error' ? 'cancelled' : state)),
  ),
  shows: v.nullable(text),
  waiting: flag(false),
  explanation: orNull(text),
});
/** What is stored of the columns, beside their runs. */
export const storedColumns = v.object({ bm25: column, student: column, teacher: column });

/** undefined when a column shows a run that is not there. */
export function columnsOf(
  stored: v.InferOutput<typeof storedColumns>,
  runs: readonly Run[],
): Columns | undefined {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const columns = { bm25: idleColumn, student: idleColumn, teacher: idleColumn };
  for (const id of COLUMNS) {
    const { shows } = stored[id];
    if (shows !== null && !byId.has(shows)) return undefined;
    const run = shows === null ? undefined : byId.get(shows);
    // Its answers were not kept: then it is not done, and can be resumed.
    const lost = run !== undefined && run.kind !== 'first-stage' && run.log.length === 0;
    const state = lost && stored[id].state === 'done' ? 'cancelled' : stored[id].state;
    columns[id] = { ...idleColumn, ...stored[id], state };
  }
  return { columns, runs: Object.fromEntries(byId) };
}

const firstStage = v.object({ bm25: readBy((bm25) => unpackBm25(bm25)), k: finite, fill: flag(false) });
const set = v.object({
  id: text,
  baseKey: text,
  query: v.object({ id: text, text }),
  firstStage: orNull(firstStage),
  candidates: storedCandidates,
});

/** A query and its candidates. */
export const readSet = (data: unknown): CandidateSet | undefined => readAs(set, data);

/** BM25's run: its order is that of the candidates. */
export function firstStageOf(
  of: Pick<FirstStageRun, 'id' | 'set' | 'inputKey' | 'ms'> & { readonly hits: readonly SearchHit[] },
): FirstStageRun {
  const { candidates } = of.set;
  const order = candidates.map((_, i) => i);
  return { ...of, kind: 'first-stage', method: 'bm25', order, scores: candidates.map(({ score }) => score) };
}

/** The facts of a model's run over a set. */
export const storedFacts = v.object({
  id: text,
  inputKey: text,
  method: v.pipe(v.unknown(), v.transform(readMethodId), v.picklist(METHOD_IDS)),
  ...v.entriesFromList(CHOICE_NAMES, orNone(finite)),
  fusion: readBy(readFusion),
  trueProbabilities: flag(false),
  template: v.nullable(withTexts<PromptTemplate>('name')),
  info: v.nullable(withTexts<RecordedCheckpoint>('name', 'digest', 'device', 'dtype')),
  raced: flag(false),
});

/** A run as its log has it. */
export function modelRunFrom(
  { template, info, ...facts }: RunFacts & { readonly set: CandidateSet },
  events: readonly LogEvent[],
): ModelRun {
  const run = { ...beginRun({ ...facts, log: new RunLog(events) }), template, info };
  return applyEvents(run, events);
}
