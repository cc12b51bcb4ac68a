/** What an evaluation has to ask: a task for each row of a set, with what is answered already. */
import { join } from 'node:path';
import { randomOrder } from '../../src/evaluation/baselines/baselines.ts';
import { shownAtOnce } from '../../src/ranking/shown-at-once.ts';
import { shortDigest } from '../cli/file-names.ts';
import type { RankJob } from '../input/read-jobs.ts';
import { checkPrompts } from '../scoring/check-prompts.ts';
import { DoubtTally } from '../scoring/doubts.ts';
import { countCut, cutNote, fitOf, fitQueries } from '../scoring/fit-queries.ts';
import { planOf } from '../scoring/measure-calls.ts';
import { openTokenizer } from '../scoring/model-folder.ts';
import type { CheckpointPlan } from '../scoring/plan-checkpoints.ts';
import type { EvaluateListener, EvaluateRequest } from './evaluate-request.ts';
import { Journal } from './journal.ts';
import type { ModelRow } from './rows.ts';
import type { EvaluationSet } from './sets.ts';

/** Work on one row of one set. */
export interface Task {
  readonly set: EvaluationSet;
  /** Ranked for the choice of λ alone, for the rows of this set. */
  readonly tunes?: EvaluationSet;
  readonly row: ModelRow;
  readonly journal: Journal;
  /** Queries with candidates that have no entry yet. */
  readonly open: readonly RankJob[];
  /** Queries that are cut for this row's model. */
  readonly cutQueries: number;
  /** Names everything that its answers depend on, within its set. */
  readonly asks: string;
  /** The row before it that asks the same: its answers are this row's, too. */
  readonly sameAs?: ModelRow;
}

/** What tasks are made of. */
export interface Planned {
  readonly checkpoints: readonly CheckpointPlan[];
  readonly rows: readonly ModelRow[];
  /** Those of `tuning`, too. */
  readonly sets: readonly EvaluationSet[];
  readonly tuning: ReadonlyMap<EvaluationSet, EvaluationSet>;
}

/** Row by row and set by set. @throws RankscopeError 'bad-input' for a query that a row's model cannot read */
export async function planTasks(
  request: EvaluateRequest,
  { checkpoints, rows, sets, tuning }: Planned,
  listener: EvaluateListener,
): Promise<readonly Task[]> {
  const fitted = new Map<ModelRow, Map<EvaluationSet, readonly RankJob[]>>();
  for (const checkpoint of checkpoints) {
    for (const row of await fitAll(request, checkpoint, rows, sets, listener)) fitted.set(...row);
  }
  const tasks = askedOnce(
    rows.flatMap((row) =>
      sets.map((set) => ({
        ...task(request, row, set, arranged(row, fitted.get(row)?.get(set) ?? set.jobs)),
        tunes: tuning.get(set),
      })),
    ),
  );
  for (const row of rows) {
    const { sameAs } = tasks.find((one) => one.row === row) ?? {};
    if (sameAs)
      listener.notice?.(`${row.name} asks the same as ${sameAs.name}: asked once, shown under both names.`);
  }
  return tasks;
}

/**
 * What the rows of a checkpoint are asked. A query too long for a model is found before hours of work, not after:
 * cut for it where that is asked, else refused.
 */
async function fitAll(
  request: EvaluateRequest,
  { folder, card, label, service }: CheckpointPlan,
  rows: readonly ModelRow[],
  sets: readonly EvaluationSet[],
  { notice }: EvaluateListener,
): Promise<[ModelRow, Map<EvaluationSet, readonly RankJob[]>][]> {
  const { cutQueries } = request;
  // How much a service reads is found out by asking.
  if (service) return [];
  const tokenizer = await openTokenizer(folder);
  const own = rows.filter((row) => row.checkpoint.folder === folder);
  return own.map((row) => {
    const shown = shownAtOnce(row.method, row.template, request);
    const fit = fitOf(row.template, tokenizer, card, shown);
    const jobs = sets.map((set) => {
      const asked = cutQueries ? fitQueries(set.jobs, fit) : set.jobs;
      checkPrompts(set.file, asked, row.template, tokenizer, card, { shown });
      const cut = countCut(asked);
      if (cut > 0) notice?.(cutNote(`${set.name}, ${row.name} (${label})`, cut, card.limits.maxTokens));
      return [set, asked] as const;
    });
    return [row, new Map(jobs)];
  });
}

/** As the row asks them: in the first stage's order, or in one drawn by chance. */
function arranged({ shuffled: seed }: ModelRow, jobs: readonly RankJob[]): readonly RankJob[] {
  if (seed === undefined) return jobs;
  return jobs.map((job) => {
    const ids = job.candidates.map(({ passage }) => passage.id);
    const { order } = randomOrder(job.query.id, ids, seed);
    return { ...job, candidates: order.map((i, place) => ({ ...job.candidates[i]!, rank: place + 1 })) };
  });
}

function task(
  { output }: EvaluateRequest,
  row: ModelRow,
  set: EvaluationSet,
  jobs: readonly RankJob[],
): Task {
  // The texts are part of the name: other data never meets these answers.
  const texts = jobs.map(({ query, asked = query, candidates }) => [
    asked,
    candidates.map(({ passage }) => passage),
  ]);
  const asks = shortDigest(row.fingerprint + JSON.stringify(texts));
  const journal = new Journal(join(output, 'work', set.name, `${row.workSlug}-${asks}.jsonl`));
  const open = jobs.filter(
    ({ query, candidates }) => candidates.length > 0 && !journal.entries.has(query.id),
  );
  return { set, row, journal, open, cutQueries: countCut(jobs), asks };
}

/** The tasks with the same question to the same scorer done by the first of them alone. */
function askedOnce(tasks: readonly Task[]): Task[] {
  const first = new Map<string, Task>();
  return tasks.map((one) => {
    const key = JSON.stringify([one.set.name, one.asks]);
    const same = first.get(key);
    if (!same) {
      first.set(key, one);
      return one;
    }
    return { ...one, journal: same.journal, open: [], sameAs: same.row };
  });
}

/** Warnings about a row, with its name. */
export function doubtsOf({ set, row, journal }: Task): string[] {
  const tally = new DoubtTally();
  for (const { doubt } of journal.entries.values()) tally.add(doubt);
  return tally.warnings(row.trainedTemplate, `${set.name}, ${row.name}`);
}

export const callsOf = ({ entries }: Journal) =>
  [...entries.values()].reduce((sum, { calls }) => sum + calls, 0);

export const callsLeft = (request: EvaluateRequest, tasks: readonly Task[]) =>
  tasks.reduce((sum, { row, open }) => sum + planOf(row.method, open, request).calls, 0);
