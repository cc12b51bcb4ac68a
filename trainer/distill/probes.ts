/** Measurements of the stages after the first, on the lists that a probe of the first stage found. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openWeights } from '../convert/find-weights.ts';
import { readConfig } from '../convert/hf-folder.ts';
import { planModel } from '../convert/plan-model.ts';
import { type Needs, needsOf } from '../convert/resources.ts';
import { runEvaluation } from '../evaluate/run.ts';
import type { LabelEstimate } from '../label/request.ts';
import { runLabel } from '../label/run.ts';
import type { StageEstimate } from './request.ts';
import type { StageContext } from './stage.ts';
import { evaluationRequest } from './stage-evaluate.ts';
import { openTeacher } from './stage-label.ts';

/** What is known of a stage's work. */
export type Numbers = Omit<StageEstimate, 'stage' | 'state'>;

/** Prompts that an export's scorers are compared on. */
const COMPARED = 64;
/** Bytes of a scorer that are made, written and hashed in a second; large models are bound by it. */
const WRITTEN = 40e6;

export async function probeLabels(
  { recipe, prepared, signal }: StageContext,
  input: string,
): Promise<LabelEstimate | undefined> {
  const source = () => openTeacher(recipe, prepared, input);
  return (await runLabel({ input, source, signal })).estimate;
}

/** Whole lines of the label files of an earlier run. */
export async function labelledLines({
  layout,
  recipe: {
    teacher: { shards },
  },
}: StageContext): Promise<number> {
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
  const { estimates: rows = [] } = await runEvaluation({ ...request, dryRun: true, signal: context.signal });
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    calls: sum(({ calls }) => calls),
    upperBound: rows.some(({ upperBound }) => upperBound),
    seconds: sum(({ seconds }) => seconds),
    callsPerSecond: Math.max(0, ...rows.map(({ callsPerSecond }) => callsPerSecond)),
    memoryBytes: process.memoryUsage().rss,
    // A line of a run, one in the journal and one in results.json for each candidate and row.
    diskBytes: sum(({ queries }) => queries) * request.k * 120,
  };
}

/** Memory and disk of the exported folder, from the weights that the student starts from. */
export async function exportNeeds({ prepared: { base }, recipe }: StageContext): Promise<Needs> {
  const { dtypes, weights } = recipe.export;
  const files = await openWeights(base.folder);
  try {
    const plan = planModel(await readConfig(base.folder), files.tensors, join(base.folder, 'config.json'));
    return needsOf(plan, dtypes, weights === 'bf16' ? 2 : 4);
  } finally {
    await files.close();
  }
}

/** Scorers are written and compared with fp32; int8 is tried in two ways before. */
export function exportSeconds(
  scorers: number,
  { diskBytes }: Needs,
  callsPerSecond: number,
  int8: boolean,
): number {
  const comparisons = 1 + scorers + (int8 ? 2 : 0);
  return (COMPARED * comparisons) / Math.max(callsPerSecond, 1e-3) + (comparisons * diskBytes) / WRITTEN / 2;
}
