/** What is left of every stage: calls, time, memory, disk, from probes that leave nothing behind. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWeights } from '../convert/find-weights.ts';
import { readConfig } from '../convert/hf-folder.ts';
import { planModel } from '../convert/plan-model.ts';
import { type Needs, needsOf } from '../convert/resources.ts';
import { runEvaluation } from '../evaluate/run.ts';
import type { LabelEstimate } from '../label/request.ts';
import { runLabel } from '../label/run.ts';
import type { Layout, StageName } from './layout.ts';
import { probeCandidates } from './probe-candidates.ts';
import { writeChosen } from './queries.ts';
import type { StageStatus } from './records.ts';
import type { DistillEstimate, StageEstimate } from './request.ts';
import { sumUp } from './resources.ts';
import type { StageContext } from './stage.ts';
import { evaluatedDtype, evaluationRequest } from './stage-evaluate.ts';
import { openTeacher } from './stage-label.ts';
import { estimateTraining } from './stage-train.ts';

/** Prompts that an export's scorers are compared on. */
const COMPARED = 64;
/** Bytes of a scorer that are made, written and hashed in a second; large models are bound by it. */
const WRITTEN = 40e6;

/** @param status of all stages, from `readStatus` */
export async function estimateStages(
  context: StageContext,
  status: readonly StageStatus[],
): Promise<DistillEstimate> {
  const folder = await mkdtemp(join(tmpdir(), 'rankscope-distill-'));
  try {
    return await sumUp(await estimates(context, status, folder), context.layout.output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function estimates(
  context: StageContext,
  status: readonly StageStatus[],
  folder: string,
): Promise<StageEstimate[]> {
  const { prepared, layout, recipe } = context;
  const stateOf = (stage: StageName) => status.find((one) => one.stage === stage)!.state;
  const isDone = (stage: StageName) => stateOf(stage) === 'done';
  const all: StageEstimate[] = [];
  const add = (stage: StageName, estimate: Omit<StageEstimate, 'stage' | 'state'>) => {
    const nothing = { seconds: 0, memoryBytes: 0, diskBytes: 0 };
    all.push({ stage, state: stateOf(stage), ...(isDone(stage) ? nothing : estimate) });
  };
  const total = prepared.queries.training.length;
  const chosen: Layout = isDone('candidates') ? layout : inFolder(layout, folder);
  if (!isDone('candidates')) await writeChosen(chosen, prepared.queries);
  const probe = isDone('candidates')
    ? { file: layout.candidates, queries: total, seconds: 0, memoryBytes: 0, diskBytes: 0 }
    : await probeCandidates(context, folder);
  add('candidates', { ...probe, work: { count: total, unit: 'queries', upperBound: false } });

  const labels = await labelEstimate(context, probe.file);
  const labelled = isDone('label')
    ? total
    : await labelledLines(layout, recipe.teacher.shards, stateOf('label'));
  const left = (total - Math.min(total, labelled)) / probe.queries;
  add('label', {
    seconds: left * (labels?.seconds ?? 0),
    work: {
      count: Math.round(left * (labels?.calls ?? 0)),
      unit: 'calls',
      upperBound: labels?.upperBound ?? false,
    },
    memoryBytes: labels?.memoryBytes ?? 0,
    diskBytes: Math.ceil(left * (labels?.outputBytes ?? 0)),
  });
  add(
    'train',
    isDone('train')
      ? NOTHING
      : await estimateTraining(context, isDone('label') ? layout.labels : probe.file, folder),
  );

  const needs = await exportNeeds(context);
  const evaluation = isDone('evaluate')
    ? undefined
    : await evaluationEstimate({ ...context, layout: chosen });
  const rate = Math.max(labels?.callsPerSecond ?? 0, evaluation?.studentRate ?? 0);
  const { memoryBytes: held = 0 } = labels ?? {};
  const one = exportSeconds(1, needs, rate, evaluatedDtype(recipe) === 'int8');
  add('evaluate', {
    seconds: evaluation ? evaluation.seconds + one : 0,
    ...(evaluation
      ? { work: { count: evaluation.calls, unit: 'calls', upperBound: evaluation.upperBound } }
      : {}),
    memoryBytes: Math.max(held, needs.measureBytes),
    diskBytes: evaluation ? needs.diskBytes + evaluation.diskBytes : 0,
  });
  const { dtypes } = recipe.export;
  add('export', {
    seconds: exportSeconds(dtypes.length, needs, rate, dtypes.includes('int8')),
    memoryBytes: Math.max(needs.convertBytes, needs.measureBytes),
    diskBytes: needs.diskBytes,
  });
  return all;
}

const NOTHING = { seconds: 0, memoryBytes: 0, diskBytes: 0 };

/** The query files of a folder that is removed afterwards. */
function inFolder(layout: Layout, folder: string): Layout {
  return {
    ...layout,
    trainingQueries: join(folder, 'training.jsonl'),
    heldOutQueries: join(folder, 'held-out.jsonl'),
    heldOutQrels: join(folder, 'held-out.tsv'),
  };
}

async function labelEstimate(
  { recipe, prepared, signal }: StageContext,
  input: string,
): Promise<LabelEstimate | undefined> {
  const source = () => openTeacher(recipe, prepared, input);
  return (await runLabel({ input, source, signal })).estimate;
}

/** Whole lines of the label files of an earlier run. */
async function labelledLines(layout: Layout, shards: number, state: string): Promise<number> {
  if (state !== 'begun') return 0;
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

async function evaluationEstimate(context: StageContext) {
  const request = evaluationRequest(context, undefined, context.layout.evaluation);
  if (!request) return undefined;
  const { estimates: rows = [] } = await runEvaluation({ ...request, dryRun: true, signal: context.signal });
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    calls: sum(({ calls }) => calls),
    upperBound: rows.some(({ upperBound }) => upperBound),
    seconds: sum(({ seconds }) => seconds),
    studentRate: Math.max(0, ...rows.map(({ callsPerSecond }) => callsPerSecond)),
    // A line of a run, one in the journal and one in results.json for each candidate and row.
    diskBytes: sum(({ queries }) => queries) * request.k * 120,
  };
}

/** Memory and disk of the exported folder, from the weights that the student starts from. */
async function exportNeeds({ prepared: { base }, recipe }: StageContext): Promise<Needs> {
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
function exportSeconds(scorers: number, { diskBytes }: Needs, callsPerSecond: number, int8: boolean): number {
  const comparisons = 1 + scorers + (int8 ? 2 : 0);
  return (COMPARED * comparisons) / Math.max(callsPerSecond, 1e-3) + (comparisons * diskBytes) / WRITTEN / 2;
}
