/** Works off an evaluation's tasks: each checkpoint is opened once for all of them, to be measured and to be asked. */
import { isAbort } from '../../src/errors.ts';
import type { RankerModel } from '../../src/inference/ranker-model.ts';
import { createMethod } from '../../src/ranking/create-method.ts';
import { needsTrueProbabilities } from '../../src/ranking/methods/registry.ts';
import { estimateRemote } from '../../src/ranking/remote-estimate.ts';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import { freeFor, peakMemory } from '../node/machine.ts';
import { doubtOf } from '../scoring/doubts.ts';
import { measure, planOf } from '../scoring/measure-calls.ts';
import { openModel } from '../scoring/model-folder.ts';
import { openingBytes, refuseOpening } from '../scoring/model-memory.ts';
import type { CheckpointPlan } from '../scoring/plan-checkpoints.ts';
import { rankQuery } from '../scoring/rank-query.ts';
import type { EvaluateEstimate, EvaluateListener, EvaluateRequest, RowEstimate } from './evaluate-request.ts';
import type { Task } from './tasks.ts';

/** A line of a run, one in the journal and one in results.json for each candidate and row. */
const CANDIDATE_BYTES = 120;

/** Opens each checkpoint that has work once, and does its tasks; true when the signal or a task ended it. */
export async function withScorers(
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
export async function estimateAll(
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
export async function work(
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
