/**
 * `train`: labels + a checkpoint → a student. Everything that can be wrong is found before the first
 * step, and the folder can be resumed however the run ended.
 */
import { join, resolve } from 'node:path';
import { isAbort } from '../../src/errors.ts';
import { StepPlan } from '../../src/training/step-plan.ts';
import { writing } from '../node/writing.ts';
import { readData, type TrainingData } from './data.ts';
import { filesOf, finish } from './finish.ts';
import { lockFolder } from './lock.ts';
import { type LoopResult, runLoop, SAVED } from './loop.ts';
import { estimateOf, openModel } from './open-model.ts';
import {
  checkResult,
  findRecord,
  hasLeftovers,
  removeTraining,
  removeUnfinished,
  removeWork,
  type TrainRecord,
  WORK,
  writeRecord,
} from './record.ts';
import { optimiserOf, saveRule, validateEvery } from './settings.ts';
import { type Start, startOf } from './start.ts';
import { readHead } from './state-file.ts';
import { thinned } from './train-log.ts';
import type { TrainEstimate, TrainListener, TrainRequest, TrainSummary } from './train-request.ts';
import { bestStep } from './validate.ts';

/** Points of the loss curve in a summary. */
const CURVE_POINTS = 100;

/**
 * Trains, or goes on training, until the result is whole; in a dry run it measures and estimates.
 * An aborted signal ends it between two runs of the model with the state saved: state 'cancelled'.
 * @throws RankscopeError that names file, line or setting, before any work
 */
export async function runTrain(request: TrainRequest, listener: TrainListener = {}): Promise<TrainSummary> {
  const began = performance.now();
  const start = await startOf(request);
  const { output } = request;
  if (request.dryRun || output === undefined) {
    // What a real run would refuse is refused now.
    if (output !== undefined) await findRecord(request, start.identity);
    const estimate = await untilAborted(request, () => estimateFor(start, listener));
    const summary = emptySummary(request, began);
    return estimate ? { ...summary, state: 'dry-run', estimate } : summary;
  }
  const found = await findRecord(request, start.identity);
  if (found?.result) {
    await checkResult(output, found.result);
    await tidyFinished(output);
    listener.notice?.(`The training in ${output} is already done.`);
    const { steps } = found.result;
    return {
      ...found.result,
      output: resolve(output),
      files: filesOf(output),
      steps: { ...steps, resumed: steps.done },
      seconds: secondsSince(began),
    };
  }
  const unlock = await writing(output, SAVED, () => lockFolder(output));
  try {
    await removeUnfinished(output);
    if (!found && request.fresh) await removeTraining(output);
    return await train(start, found, listener, began);
  } finally {
    await unlock();
  }
}

/** A run that was killed after its result was recorded leaves its state, its lock and unfinished files. */
async function tidyFinished(output: string): Promise<void> {
  if (!(await hasLeftovers(output))) return;
  // Another process may be about to do this itself; and in a folder that cannot be written it can wait.
  const unlock = await lockFolder(output).catch(() => undefined);
  if (!unlock) return;
  try {
    await removeUnfinished(output);
    await removeWork(output);
  } finally {
    await unlock();
  }
}

/**
 * What a training takes, or what is left of it when it was begun in the output folder. Writes nothing.
 * @throws as runTrain; 'cancelled' when the signal ends it
 */
export async function planTrain(request: TrainRequest, listener: TrainListener = {}): Promise<TrainEstimate> {
  return estimateFor(await startOf(request), listener);
}

async function estimateFor(start: Start, listener: TrainListener): Promise<TrainEstimate> {
  const { opened, estimate } = await prepare(start, listener);
  await opened.release();
  return estimate;
}

/** Reads all that is asked for and measures; nothing is written. @throws RankscopeError, 'cancelled' too */
async function prepare(start: Start, listener: TrainListener) {
  const { request, settings, base, template, limits } = start;
  const maker = { template, tokenizer: base.tokenizer, limits };
  const data = await readData(request, settings, maker, listener);
  const plan = new StepPlan(data.training.length, settings);
  const opened = await openModel(start, plan, data);
  try {
    const estimate = await estimateOf(start, plan, data, opened, await stepsDone(start));
    if (estimate.stepsLeft > 0) listener.estimated?.(estimate);
    return { data, plan, opened, estimate };
  } catch (error) {
    await opened.release();
    throw error;
  }
}

/** Steps that a run with the same input has done in the output folder. */
async function stepsDone({ request, identity }: Start): Promise<number> {
  const { output } = request;
  if (output === undefined || request.fresh) return 0;
  const found = await findRecord({ ...request, resume: false }, identity).catch(() => undefined);
  if (!found) return 0;
  return found.result?.steps.total ?? (await readHead(statePath(output)))?.step ?? 0;
}

const statePath = (output: string) => join(output, WORK, 'state.bin');

async function train(
  start: Start,
  found: TrainRecord | undefined,
  listener: TrainListener,
  began: number,
): Promise<TrainSummary> {
  const { request, settings } = start;
  const output = request.output!;
  const prepared = await untilAborted(request, () => prepare(start, listener));
  if (!prepared) return emptySummary(request, began);
  const { data, plan, opened, estimate } = prepared;
  try {
    const record = found ?? (await begin(start));
    const result = await runLoop({
      output,
      ...opened,
      plan,
      listener,
      settings,
      training: data.training,
      validation: data.validation,
      select: data.select,
      validateEvery: validateEvery(settings.validateEvery, plan.steps),
      save: saveRule(request),
      statePath: statePath(output),
      optimiser: optimiserOf(settings),
      signal: request.signal,
    });
    const summary = { ...emptySummary(request, began), ...outcome(data, plan, result), estimate };
    if (!result.finished) return summary;
    const parts = { start, data, model: opened.model, record, losses: result.losses };
    return await writing(output, SAVED, () => finish(parts, { ...summary, state: 'done' }));
  } finally {
    await opened.release();
  }
}

/** The record comes before the first step: without it a folder is not ours to go on with. */
async function begin({ request, identity, command }: Start): Promise<TrainRecord> {
  const output = request.output!;
  const started = new Date().toISOString();
  const record: TrainRecord = { format: 'rankscope-training', version: 1, identity, command, started };
  await writing(output, SAVED, () => writeRecord(output, record));
  return record;
}

/** The work's answer; undefined when the signal ended it before the first step: then there is nothing to save. */
async function untilAborted<T>({ signal }: TrainRequest, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isAbort(error) && signal?.aborted) return undefined;
    throw error;
  }
}

function outcome(
  { select }: TrainingData,
  plan: StepPlan,
  { steps, resumedAt, skipped, losses, validation }: LoopResult,
) {
  const best = bestStep(validation, select) ?? { step: steps };
  return {
    steps: { done: steps, total: plan.steps, resumed: resumedAt, skipped: skipped > 0 ? skipped : undefined },
    best: { ...best, by: select },
    lossCurve: thinned(losses, CURVE_POINTS),
    validation,
  };
}

function emptySummary({ output }: TrainRequest, began: number): TrainSummary {
  return {
    command: 'train',
    state: 'cancelled',
    output: output === undefined ? undefined : resolve(output),
    steps: { done: 0, total: 0, resumed: 0 },
    lossCurve: [],
    validation: [],
    seconds: secondsSince(began),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

const secondsSince = (began: number) => (performance.now() - began) / 1000;
