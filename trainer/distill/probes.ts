/** Measurements of the stages after the first, on the lists that a probe of the first stage found. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { folderNeeds, folderSeconds } from '../checkpoint/folder-estimate.ts';
import { runEvaluation } from '../evaluate/run-evaluate.ts';
import type { LabelEstimate } from '../label/label-request.ts';
import { runLabel } from '../label/run-label.ts';
import type { Numbers, StageContext } from './stage.ts';
import { evaluationRequest, storyOf } from './stage-evaluate.ts';
import { openTeacher } from './stage-label.ts';

export async function probeLabels(
  { recipe, prepared, signal }: StageContext,
  input: string,
): Promise<LabelEstimate | undefined> {
  // Judgments are looked up: that takes no time.
  if (recipe.labels === 'judgments') return undefined;
  const source = () => openTeacher(recipe, prepared, input);
  return (await runLabel({ input, source, signal })).estimate;
}

/** Whole lines of the label files of an earlier run. */
export async function labelledLines({ layout, recipe: { teacher } }: StageContext): Promise<number> {
  const shards = teacher?.shards ?? 1;
  let lines = 0;
  for (let index = 1; index <= shards; index++) {
    const path = layout.shard(index, shards);
    if (!(await stat(path).catch(() => undefined))) continue;
    for await (const bytes of createReadStream(path)) {
      for (const byte of bytes as Buffer) if (byte === 10) lines++;
    }
  }
  return lines;
}

export interface EvaluationProbe extends Omit<Numbers, 'work'> {
  readonly calls: number;
  readonly upperBound: boolean;
  /** Of the fastest row. */
  readonly callsPerSecond: number;
}

export async function probeEvaluation(context: StageContext): Promise<EvaluationProbe | undefined> {
  const request = evaluationRequest(context, undefined, context.layout.evaluation);
  if (!request) return undefined;
  const { shared } = context;
  const story = storyOf(context.prepared);
  const methods = request.methods.filter(({ name }) => {
    return ![...(shared ?? [])].some((method) => story.rows[method] === name);
  });
  const { estimate } = await runEvaluation({ ...request, methods, dryRun: true, signal: context.signal });
  if (!estimate) throw new RankscopeError('cancelled', 'Cancelled.');
  const { rows, free: _, ...numbers } = estimate;
  return { ...numbers, callsPerSecond: Math.max(0, ...rows.map(({ callsPerSecond }) => callsPerSecond)) };
}

/** Of a folder made from the weights that the student starts from. */
export async function probeExport(
  { prepared: { base, threads } }: StageContext,
  dtypes: readonly Dtype[],
  weightBytes: 2 | 4,
): Promise<Numbers> {
  const { plan, needs, weights } = await folderNeeds(base.folder, dtypes, weightBytes);
  // A student's card has one wording.
  const seconds = await folderSeconds({ plan, dtypes, weights, threads, templates: 1 });
  return {
    seconds,
    memoryBytes: Math.max(needs.convertBytes, needs.measureBytes),
    diskBytes: needs.diskBytes,
  };
}
