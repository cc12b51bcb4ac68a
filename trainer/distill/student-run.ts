/**
 * One student: candidates → label → train → evaluate → export. Every stage is one of the trainer's own commands; here it is
 * decided which of them still have work, and nothing of another recipe is mixed in.
 */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isAbort, RankscopeError } from '../../src/errors.ts';
import { estimateStages } from './distill-estimate.ts';
import type { DistillEstimate, DistillListener, DistillRequest, DistillSummary } from './distill-request.ts';
import { type Layout, layoutOf, STAGES, type StageName } from './layout.ts';
import { listStudent } from './list-student.ts';
import { prepare } from './prepare.ts';
import type { DistillRecipe } from './recipe-types.ts';
import {
  begin,
  differences,
  finish,
  forget,
  interruptedAfter,
  noteInputs,
  readStatus,
  type StageStatus,
} from './records.ts';
import { commandLine, readResolved, writeResolved } from './resolved.ts';
import { takeOver } from './siblings.ts';
import type { StageContext, StageResult } from './stage.ts';
import { candidatesStage } from './stage-candidates.ts';
import { evaluateStage } from './stage-evaluate.ts';
import { exportStage } from './stage-export.ts';
import { labelStage } from './stage-label.ts';
import { trainStage } from './stage-train.ts';
import { summarise } from './summary.ts';

const RUN: Readonly<Record<StageName, (context: StageContext) => Promise<StageResult>>> = {
  candidates: candidatesStage,
  label: labelStage,
  train: trainStage,
  evaluate: evaluateStage,
  export: exportStage,
};

/** A student that was read and checked, and of which nothing is done yet. */
export interface StudentRun {
  readonly request: DistillRequest;
  readonly context: StageContext;
  readonly status: readonly StageStatus[];
}

/**
 * Reads and checks everything, before any work.
 * @param siblings folders of students whose results may be taken over where they are the same
 * @param command that makes it, and its siblings with it
 * @throws RankscopeError for what is wrong with recipe, data, checkpoints or folder, and for results of another recipe
 */
export async function openStudent(
  recipe: DistillRecipe,
  request: DistillRequest,
  listener: DistillListener,
  siblings: readonly Layout[] = [],
  command = commandLine(request),
): Promise<StudentRun> {
  const layout = layoutOf(resolve(request.output));
  await checkOutput(layout);
  const earlier = await readResolved(layout);
  const prepared = await prepare(recipe, earlier?.threads);
  for (const text of prepared.notices) listener.notice?.(text);
  let status = await readStatus(layout, prepared.inputs);
  if (request.anew && !request.dryRun) {
    for (const { stage, state } of [...status].reverse()) {
      if (state === 'changed' || state === 'altered') await forget(layout, stage);
    }
    status = await readStatus(layout, prepared.inputs);
  }
  if (!request.anew) refuseToMix(status, layout);
  const { signal } = request;
  return { request, status, context: { recipe, prepared, layout, listener, command, siblings, signal } };
}

/**
 * What is left of it, measured; undefined where nothing is, or the signal ended it.
 * @param shared stages that another student makes
 */
export async function estimateStudent(
  { request, context, status }: StudentRun,
  shared?: ReadonlySet<StageName>,
): Promise<DistillEstimate | 'cancelled' | undefined> {
  if (!request.dryRun && status.every(({ state }) => state === 'done')) return undefined;
  try {
    return await estimateStages(context, status, shared);
  } catch (error) {
    if (isAbort(error)) return 'cancelled';
    throw error;
  }
}

/** Runs what is left of a student. Interrupted at any moment, the same call goes on. */
export async function makeStudentOf(
  { request, context, status }: StudentRun,
  estimate: DistillEstimate | undefined,
): Promise<DistillSummary> {
  const began = performance.now();
  const { layout, listener } = context;
  const summary = (state: DistillSummary['state'], done: readonly StageName[]) => {
    const seconds = (performance.now() - began) / 1000;
    return summarise({ request, context, state, done, status, estimate, seconds });
  };
  await mkdir(layout.output, { recursive: true });
  await writeResolved(context);
  const done: StageName[] = [];
  for (const one of status) {
    listener.stage?.(one.stage, STAGES.indexOf(one.stage) + 1, one.state);
    if (one.state === 'done') {
      await noteInputs(layout, one);
      continue;
    }
    if (!(await work(context, one))) return summary('cancelled', done);
    done.push(one.stage);
  }
  const listed = request.index === undefined ? undefined : await listStudent(context, request.index);
  return { ...(await summary('done', done)), listed };
}

/** One stage from where it stands; false when the signal ended it. */
async function work(context: StageContext, status: StageStatus): Promise<boolean> {
  const { layout, signal } = context;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  if (signal?.aborted) return false;
  await checkUnchanged(context, status);
  await begin(layout, status);
  let result: StageResult;
  try {
    result = (await takeOver(context, status)) ?? (await RUN[status.stage](context));
  } catch (error) {
    await interruptedAfter(layout, status, seconds()).catch(() => {});
    if (isAbort(error)) return false;
    throw error;
  }
  if (result.state === 'done') {
    await checkUnchanged(context, status);
    await finish(layout, status, result.files, seconds());
  } else await interruptedAfter(layout, status, seconds());
  return result.state === 'done';
}

/**
 * A stage reads its files anew: one that was replaced since the beginning would go into results that
 * are recorded as the old one's.
 * @throws RankscopeError 'bad-input' that names what changed; the stage is then not finished
 */
async function checkUnchanged({ recipe, prepared }: StageContext, { stage }: StageStatus): Promise<void> {
  const now = await prepare(recipe, prepared.threads);
  const stages = STAGES.slice(0, STAGES.indexOf(stage) + 1);
  const changed = stages.flatMap((one) => differences(prepared.inputs[one], now.inputs[one]));
  if (changed.length === 0) return;
  throw new RankscopeError(
    'bad-input',
    `An input changed during the run: ${changed.join('; ')}. Stage ${stage} is incomplete. Run the same command with --anew.`,
  );
}

/** @throws RankscopeError 'bad-input' when the place is taken by something else */
async function checkOutput({ output, recipe }: Layout): Promise<void> {
  const found = await stat(output).catch(() => undefined);
  if (!found) return;
  if (!found.isDirectory()) {
    throw new RankscopeError('bad-input', `${output} is a file. Give --output a folder’s name.`);
  }
  const files = (await readdir(output)).filter((file) => !file.endsWith('.tmp'));
  if (files.length > 0 && !(await stat(recipe).catch(() => undefined))) {
    throw new RankscopeError(
      'bad-input',
      `${output} contains other files (${files.slice(0, 3).join(', ')}) and no distillation. Choose an empty or a new folder.`,
    );
  }
}

/** @throws RankscopeError 'bad-input' that says what changed, which results are of no use now, and what to do */
function refuseToMix(status: readonly StageStatus[], { output }: Layout): void {
  const wrong = status.filter(({ state }) => state === 'changed' || state === 'altered');
  if (wrong.length === 0) return;
  const lines = wrong.map(({ stage, reasons }) => `  ${stage}: ${reasons.join('; ')}`);
  const names = wrong.map(({ stage }) => stage).join(', ');
  throw new RankscopeError(
    'bad-input',
    [
      `${output} contains results from another recipe or other inputs:`,
      ...lines,
      `Results are never mixed. Use the recipe and inputs it was started with, choose another --output, or add --anew to remove the results of ${names} and start them again.`,
    ].join('\n'),
    { stages: wrong.map(({ stage }) => stage) },
  );
}
