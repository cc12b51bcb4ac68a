/**
 * `evaluate --data …`: data × methods × checkpoints on the same candidates. Everything is read and
 * checked first; work is kept query by query, so that a stopped evaluation goes on where it was.
 */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbort, RankscopeError } from '../../src/errors.ts';
import { randomOrder } from '../../src/evaluation/baselines/baselines.ts';
import { rewrittenIds, rewrittenText } from '../../src/formats/run-ids.ts';
import type { RankerModel } from '../../src/inference/ranker-model.ts';
import { createMethod } from '../../src/ranking/create-method.ts';
import { needsTrueProbabilities } from '../../src/ranking/methods/registry.ts';
import { estimateRemote } from '../../src/ranking/remote-estimate.ts';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import { shownAtOnce } from '../../src/ranking/shown-at-once.ts';
import { shortDigest } from '../cli/file-names.ts';
import { type RankJob, rankedIds } from '../input/read-jobs.ts';
import { freeFor, peakMemory, refuseWhatCannotFit } from '../node/machine.ts';
import { defaultThreads, nodeRuntime } from '../node/runtime.ts';
import { writing } from '../node/writing.ts';
import { openService, type RemoteUse, remoteUse } from '../scoring/asked-model.ts';
import { checkPrompts } from '../scoring/check-prompts.ts';
import { DoubtTally, doubtOf } from '../scoring/doubts.ts';
import { countCut, cutNote, fitOf, fitQueries } from '../scoring/fit-queries.ts';
import { measure, planOf } from '../scoring/measure-calls.ts';
import { openModel, openTokenizer } from '../scoring/model-folder.ts';
import { openingBytes, refuseOpening } from '../scoring/model-memory.ts';
import { type CheckpointPlan, planCheckpoints, planService } from '../scoring/plan-checkpoints.ts';
import { rankQuery } from '../scoring/rank-query.ts';
import { baselineRows, fusedRows, readPopularity } from './derived-rows.ts';
import type {
  EvaluateEstimate,
  EvaluateListener,
  EvaluateRequest,
  ResultRow,
  RowEstimate,
} from './evaluate-request.ts';
import { Journal, type JournalEntry } from './journal.ts';
import { type FinishedRow, resultRows } from './results.ts';
import { type ModelRow, planRows } from './rows.ts';
import { type EvaluationSet, readSets } from './sets.ts';
import { writeResults } from './write-results.ts';

/** `--json` prints it. */
export interface EvaluateSummary {
  readonly command: 'evaluate';
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly rows: readonly Omit<ResultRow, 'perQuery' | 'template'>[];
  /** What was still to be done, where that was measured. */
  readonly estimate?: EvaluateEstimate;
  readonly calls: { readonly asked: number; readonly resumed: number };
  /** What this run asked of a service. */
  readonly remote?: RemoteUse;
  readonly output: string;
  /** What speaks against rows being an answer at all; absent where nothing does. */
  readonly doubts?: readonly string[];
}

/** Evaluations with fewer calls start at once, without a measurement. */
const MEASURE_FROM = 200;
/** A line of a run, one in the journal and one in results.json for each candidate and row. */
const CANDIDATE_BYTES = 120;

/** Work on one row of one set. */
interface Task {
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

/** @throws RankscopeError before any work for what is wrong with data, checkpoints or methods */
export async function runEvaluation(
  request: EvaluateRequest,
  listener: EvaluateListener = {},
): Promise<EvaluateSummary> {
  const target = await stat(request.output).catch(() => undefined);
  if (target && !target.isDirectory()) {
    throw new RankscopeError('bad-input', `${request.output} is a file. Give --output a folder’s name.`);
  }
  const service =
    request.remote &&
    (await openService(request.remote, (waiting) => {
      if (waiting) listener.notice?.(waiting.message);
    }));
  const checkpoints = [
    ...(await planCheckpoints(request.checkpoints, request.dtype)),
    ...(service ? [planService(service)] : []),
  ];
  const rows = await planRows(request, checkpoints, listener.notice);
  const counts = await readPopularity(request);
  const evaluated = await readSets(request, listener);
  const tuning = await readTuning(request, evaluated, listener);
  const sets = [...evaluated, ...tuning.keys()];
  for (const { name, jobs } of sets) {
    const text = rewrittenText(rewrittenIds(rankedIds(jobs)));
    if (text !== undefined) listener.notice?.(`${name}, runs/: ${text}`);
  }
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
  const answered = () => tasks.reduce((sum, { journal, sameAs }) => sum + (sameAs ? 0 : callsOf(journal)), 0);
  const resumed = answered();
  // A checkpoint is opened to be measured, and again for its work.
  const slow = new Set<string>();
  const onSlowTexts = (text: string) => {
    if (!slow.has(text)) listener.notice?.(text);
    slow.add(text);
  };

  let estimate: EvaluateEstimate | undefined;
  const asksService = tasks.some(({ row, open }) => row.checkpoint.service && open.length > 0);
  if (request.dryRun || asksService || callsLeft(request, tasks) >= MEASURE_FROM) {
    estimate = await estimateAll(request, checkpoints, tasks, onSlowTexts);
    if (estimate) {
      listener.estimated?.(estimate);
      const advice = 'Evaluate fewer or smaller checkpoints, or with --dtype int8.';
      refuseWhatCannotFit('This evaluation', estimate, estimate.free, request.output, advice);
    }
  }
  const cancelled = request.dryRun
    ? false
    : await withScorers(
        request,
        checkpoints,
        tasks,
        (one, scorer) => work(request, one, scorer, listener),
        onSlowTexts,
      );

  const asked = answered() - resumed;
  const summary = {
    command: 'evaluate',
    calls: { asked, resumed },
    output: request.output,
    estimate,
    remote: service && remoteUse(service.remote, request.remote?.price),
  } as const;
  if (cancelled || request.signal?.aborted) return { ...summary, state: 'cancelled', rows: [] };
  if (request.dryRun) return { ...summary, state: 'dry-run', rows: [] };
  const doubts = tasks.filter(({ sameAs }) => !sameAs).flatMap(doubtsOf);
  for (const text of doubts) listener.notice?.(text);
  const results = resultRows(request, evaluated, finished(request, evaluated, tasks, counts));
  await writing(request.output, 'Answers are kept.', () => writeResults(request, evaluated, results));
  return {
    ...summary,
    state: 'done',
    doubts: doubts.length > 0 ? doubts : undefined,
    rows: results.map(({ perQuery, template, ranking, slug, ...row }) => row),
  };
}

/** The judgments on which λ is chosen, to the set that it is chosen for; none where nothing is tuned. */
async function readTuning(
  request: EvaluateRequest,
  evaluated: readonly EvaluationSet[],
  listener: EvaluateListener,
): Promise<ReadonlyMap<EvaluationSet, EvaluationSet>> {
  const { tune, fuse = [], candidates } = request;
  if (tune === undefined || !fuse.includes('interpolation')) return new Map();
  if (candidates) {
    throw new RankscopeError(
      'bad-input',
      '--tune searches the corpus for the candidates of other queries: it cannot be used with --candidates. Give --fuse-weight.',
    );
  }
  const same = evaluated.find(({ split }) => split === tune);
  if (same) {
    throw new RankscopeError(
      'bad-input',
      `--tune ${tune} would choose the weight on the judgments that ${same.name} is evaluated on. Name another split.`,
    );
  }
  const sets = await readSets({ ...request, split: tune, sets: undefined }, listener);
  return new Map(sets.map((set, i) => [{ ...set, name: `${evaluated[i]!.name}-${tune}` }, evaluated[i]!]));
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
function doubtsOf({ set, row, journal }: Task): string[] {
  const tally = new DoubtTally();
  for (const { doubt } of journal.entries.values()) tally.add(doubt);
  return tally.warnings(row.trainedTemplate, `${set.name}, ${row.name}`);
}

const callsOf = ({ entries }: Journal) => [...entries.values()].reduce((sum, { calls }) => sum + calls, 0);

const callsLeft = (request: EvaluateRequest, tasks: readonly Task[]) =>
  tasks.reduce((sum, { row, open }) => sum + planOf(row.method, open, request).calls, 0);

/** Opens each checkpoint that has work once, and does its tasks; true when the signal or a task ended it. */
async function withScorers(
  { threads, signal }: EvaluateRequest,
  checkpoints: readonly CheckpointPlan[],
  tasks: readonly Task[],
  each: (task: Task, scorer: RankerModel) => Promise<boolean>,
  onSlowTexts: (notice: string) => void,
): Promise<boolean> {
  for (const checkpoint of checkpoints) {
    const own = tasks.filter(({ row, open }) => row.checkpoint === checkpoint && open.length > 0);
    if (own.length === 0) continue;
    if (signal?.aborted) return true;
    const { scorer } = checkpoint.service ?? (await openPlanned(checkpoint, threads, onSlowTexts));
    try {
      for (const one of own) {
        if (signal?.aborted || (await each(one, scorer))) return true;
      }
    } finally {
      await scorer.dispose();
    }
  }
  return false;
}

async function openPlanned(
  { dtype, folder, card, bytes }: CheckpointPlan,
  threads: number | undefined,
  onSlowTexts: (notice: string) => void,
) {
  refuseOpening(card.name, openingBytes(bytes));
  return openModel(folder, threads, dtype, onSlowTexts);
}

/** Measures every row with work on some of its own prompts; undefined when the signal ended it. */
async function estimateAll(
  request: EvaluateRequest,
  checkpoints: readonly CheckpointPlan[],
  tasks: readonly Task[],
  onSlowTexts: (notice: string) => void,
): Promise<EvaluateEstimate | undefined> {
  const { trueProbabilities, signal, k, output } = request;
  const rows: RowEstimate[] = [];
  const measureRow = async ({ set, row, open }: Task, scorer: RankerModel) => {
    const name = { set: set.name, row: row.name };
    const { service } = row.checkpoint;
    if (service) {
      const remote = estimateRemote({ ...row, choices: request }, open);
      const { calls, upperBound } = remote;
      const unmeasured = { calls, upperBound, queries: open.length, seconds: 0, callsPerSecond: 0 };
      rows.push({ ...name, ...unmeasured, remote: { ...remote, service: service.remote.address.host } });
      return false;
    }
    const plan = planOf(row.method, open, request);
    const logSumExp = needsTrueProbabilities(row.method, trueProbabilities);
    const measured = await measure(plan, open, { ...row, choices: request }, scorer, { signal, logSumExp });
    const { calls, upperBound, seconds, callsPerSecond } = measured;
    rows.push({ ...name, calls, upperBound, queries: open.length, seconds, callsPerSecond });
    return false;
  };
  try {
    if (await withScorers(request, checkpoints, tasks, measureRow, onSlowTexts)) return undefined;
  } catch (error) {
    if (isAbort(error)) return undefined;
    throw error;
  }
  const sum = (of: (row: RowEstimate) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    rows,
    calls: sum(({ calls }) => calls),
    upperBound: rows.some(({ upperBound }) => upperBound),
    seconds: sum(({ seconds }) => seconds),
    memoryBytes: peakMemory(),
    diskBytes: sum(({ queries }) => queries) * k * CANDIDATE_BYTES,
    free: await freeFor(output),
  };
}

/** Ranks the open queries; true when the signal ended it. A query that was not finished is not kept. */
async function work(
  request: EvaluateRequest,
  { set, row, journal, open }: Task,
  scorer: RankerModel,
  { progress }: EvaluateListener,
): Promise<boolean> {
  const { trueProbabilities, signal } = request;
  const asked = { ...givenChoices(request), template: row.template, trueProbabilities };
  const method = createMethod(row.method, asked);
  const planned = planOf(row.method, open, request).calls;
  let done = 0;
  const tell = () => progress?.(done, planned, `calls ${set.name} ${row.name}`);
  if (open.length > 0) tell();
  for (const job of open) {
    const onCalls = (answers: number) => {
      done += answers;
      tell();
    };
    const result = signal?.aborted ? undefined : await rankQuery(method, job, scorer, { signal, onCalls });
    if (result?.state !== 'done') return true;
    const doubt = doubtOf(row.method, result);
    journal.add({
      query: job.query.id,
      order: result.order.map((index) => job.candidates[index]!.passage.id),
      scores: result.scores,
      calls: result.asked + result.cached,
      tokens: result.tokens,
      seconds: result.seconds,
      cutPassages: result.cutPassages,
      doubt,
    });
  }
  return false;
}

/** All rows with their rankings: the first stage's own first. */
function finished(
  request: EvaluateRequest,
  sets: readonly EvaluationSet[],
  tasks: readonly Task[],
  counts: Awaited<ReturnType<typeof readPopularity>>,
): FinishedRow[] {
  const { methods, threads = defaultThreads() } = request;
  return sets.flatMap((set, i) => {
    const first: FinishedRow = {
      set,
      name: 'bm25',
      slug: 'bm25',
      method: 'bm25',
      checkpoint: null,
      template: null,
      entries: new Map(set.jobs.map((job) => [job.query.id, firstStage(job, set.searchSeconds)])),
      timed: set.searchSeconds !== undefined,
    };
    const own = tasks.filter((one) => one.set === set);
    const models = own.flatMap(({ row, journal, cutQueries }): FinishedRow[] => {
      const { folder, card, digest, dtype, service } = row.checkpoint;
      const { device, version: runtime } = nodeRuntime(threads);
      const here = { dtype, device, threads, runtime, folder };
      const where = service ? { service: service.remote.address.host } : here;
      const finishedRow: FinishedRow = {
        set,
        name: row.name,
        slug: row.slug,
        method: row.method,
        template: row.template,
        checkpoint: { name: card.name, digest, ...where },
        trainedTemplate: row.trainedTemplate,
        shuffled: row.shuffled === undefined ? undefined : { seed: row.shuffled },
        cutQueries: cutQueries > 0 ? cutQueries : undefined,
        entries: journal.entries,
        timed: true,
      };
      const tuned = tasks.find((one) => one.tunes === set && one.row === row);
      const tuning = tuned && { set: tuned.set, entries: tuned.journal.entries };
      // Fused with the first stage it would have again what was taken from it.
      if (row.shuffled !== undefined) return [finishedRow];
      return [finishedRow, ...fusedRows(request, { row: finishedRow, tuning })];
    });
    const others = [...baselineRows(request, set, counts[i]), ...models];
    return methods.some(({ id }) => id === 'bm25') ? [first, ...others] : others;
  });
}

/** Without what only fills the lists up: the first stage did not retrieve it. */
function firstStage({ query, candidates }: RankJob, seconds = 0): JournalEntry {
  const retrieved = candidates.filter(({ filled }) => !filled);
  return {
    query: query.id,
    order: retrieved.map(({ passage }) => passage.id),
    scores: retrieved.map(({ score }) => score),
    calls: 0,
    tokens: 0,
    seconds,
    cutPassages: 0,
  };
}
