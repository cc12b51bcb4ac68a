/**
 * From a query of the table to its decisions: the two rows that are compared are ranked again from the kept answers, and
 * what came of it stands in the columns as a recording, so that the user's own work is set aside and comes back.
 */

import { toErrorData } from '../../errors.ts';
import type { RecordedRun, Recording } from '../../formats/recording/recording.ts';
import { writeRecordingLine } from '../../formats/recording/write.ts';
import type { ScorerInfo } from '../../inference/scorer.ts';
import { takenChoices } from '../../ranking/methods/registry.ts';
import { kindOf } from '../../ranking/progress/progress.ts';
import { estimateRemote } from '../../ranking/remote-estimate.ts';
import { givenChoices } from '../../ranking/schedules/choices.ts';
import { defaultTemplate } from '../../ranking/templates.ts';
import type { TimedEvent } from '../../ranking/types.ts';
import type { RankJob } from '../../workers/scorer-protocol.ts';
import { useModels } from '../models/models.ts';
import { notify } from '../notices.ts';
import type { LaneRanker } from '../query-set/lane-ranker.ts';
import { type OpenFile, openBytes } from '../recording/opened.ts';
import { consent } from '../remote/consent.ts';
import { priced } from '../remote/remote-ask.ts';
import { useSettings } from '../settings.ts';
import { type Collections, useCollection } from './collection.ts';
import { type EvaluateLane, evaluateRounds } from './lanes.ts';
import { asksModel, type ModelRowSpec, poolOf, type RowSpec, rowId, wordingNamed } from './recipe.ts';
import { useEvaluate } from './store.ts';

export interface OpenQueryDeps {
  readonly collections: Collections;
  readonly ranker: LaneRanker;
  /** Of the tests. */
  readonly open?: OpenFile;
}

/** Which of the rows go into which column: of two of a kind the first. */
export function columnsOfRows(
  rows: readonly RowSpec[],
): Readonly<Partial<Record<RecordedRun['column'], ModelRowSpec>>> {
  const models = rows.filter(asksModel);
  return {
    student: models.find(({ method }) => kindOf(method) === 'pointwise'),
    teacher: models.find(({ method }) => kindOf(method) === 'comparing'),
  };
}

/** Opens a query in the columns. True where it is shown; what is wrong is said in a notice. */
export async function openQuery(
  place: number,
  ids: readonly string[],
  { collections, ranker, open }: OpenQueryDeps,
  signal: AbortSignal,
): Promise<boolean> {
  const { summary, qrels, bm25 } = useCollection.getState();
  const { recipe } = useEvaluate.getState();
  const query = summary?.queries[place];
  if (!summary || !recipe || !query) return false;
  const { depth, firstStage } = recipe;
  const { candidates } = await collections.worker.candidates(
    query.id,
    depth,
    firstStage ?? undefined,
    poolOf(recipe),
  );
  const chosen = ids.flatMap((id) => recipe.rows.find((row) => rowId(row) === id) ?? []);
  const columns = columnsOfRows(chosen);
  const runs: RecordedRun[] = [];
  for (const column of ['student', 'teacher'] as const) {
    const row = columns[column];
    const [lane] = row
      ? evaluateRounds([row], useModels.getState().catalog ?? [], useSettings.getState()).flat()
      : [];
    if (row && !lane)
      notify('info', `The ${column}’s model is no longer here: the query is shown without its ranking.`);
    if (!lane || candidates.length === 0) continue;
    const run = await recordedRun(column, lane, ranker, signal, query, candidates);
    if (run) runs.push(run);
  }
  const grades = qrels.get(query.id) ?? new Map<string, number>();
  const shown = new Set(candidates.map(({ passage }) => passage.id));
  const recording: Recording = {
    query,
    firstStage:
      bm25 && summary.kind === 'collection' && !firstStage && !poolOf(recipe)
        ? { bm25, k: depth, fill: false }
        : undefined,
    state: 'done',
    candidates,
    grades: new Map([...grades].filter(([id]) => shown.has(id))),
    gradesElsewhere: [...grades].flatMap(([id, grade]) => (grade > 0 && !shown.has(id) ? [grade] : [])),
    runs,
  };
  const bytes = new Blob([writeRecordingLine(recording)]);
  return openBytes(bytes, `${summary.name}, query ${query.id}`, 'evaluation', open);
}

/** From kept answers. Where some are gone a model of this machine is asked, and a service once the user has agreed. */
async function recordedRun(
  column: RecordedRun['column'],
  lane: EvaluateLane,
  ranker: LaneRanker,
  signal: AbortSignal,
  ...of: [Recording['query'], Recording['candidates']]
): Promise<RecordedRun | undefined> {
  const { entry } = lane.wanted;
  if (!entry.remote) return rankedAgain(column, lane, ranker, signal, ...of);
  const kept: EvaluateLane = { ...lane, job: (...given) => ({ ...lane.job(...given), keptOnly: true }) };
  try {
    return await rankedAgain(column, kept, ranker, signal, ...of);
  } catch (error) {
    if (toErrorData(error).code !== 'missing') throw error;
  }
  const [query, candidates] = of;
  const { row } = lane;
  const template = wordingNamed(row.template) ?? defaultTemplate(row.method);
  const choices = takenChoices(row.method, row);
  const plan = estimateRemote({ method: row.method, template, choices }, [{ query, candidates }]);
  await consent([priced(entry.id, { host: entry.remote.host, ...plan })], { signal });
  return rankedAgain(column, lane, ranker, signal, ...of);
}

async function rankedAgain(
  column: RecordedRun['column'],
  lane: EvaluateLane,
  ranker: LaneRanker,
  signal: AbortSignal,
  ...[query, candidates]: [Recording['query'], Recording['candidates']]
): Promise<RecordedRun | undefined> {
  let events: TimedEvent[] = [];
  let about: { readonly info: ScorerInfo; readonly job: RankJob } | undefined;
  await ranker.rank(
    lane,
    query,
    candidates,
    {
      running() {},
      dropped() {
        events = [];
      },
      events(some) {
        events.push(...some);
      },
      loaded(info, job) {
        about = { info, job };
      },
    },
    signal,
  );
  if (!about) return undefined;
  const { info, job } = about;
  return {
    column,
    kind: kindOf(job.method),
    method: job.method,
    template: job.template,
    fusion: job.fusion,
    checkpoint: info,
    state: 'done',
    // Read from the cache: the times are those of looking answers up.
    timed: false,
    events,
    ...givenChoices(job),
  };
}
