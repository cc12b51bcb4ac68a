/** What is left of every stage: calls, time, memory, disk, from probes that leave nothing behind. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dtype } from '../../src/inference/scorer.ts';
import { probeCandidates } from '../candidates/candidates-estimate.ts';
import type { LabelEstimate } from '../label/label-request.ts';
import type { DistillEstimate, StageEstimate } from './distill-request.ts';
import { type Layout, STAGES, type StageName } from './layout.ts';
import { type EvaluationProbe, labelledLines, probeEvaluation, probeExport, probeLabels } from './probes.ts';
import { writeChosen } from './queries.ts';
import type { StageStatus } from './records.ts';
import { sumUp } from './resources.ts';
import type { Numbers, StageContext } from './stage.ts';
import { estimateTraining } from './stage-train.ts';
import { evaluatedCard, evaluatedDtypes } from './student-folder.ts';

/**
 * @param status of all stages, from `readStatus`
 * @param shared stages that another student makes: they are copied
 */
export async function estimateStages(
  context: StageContext,
  status: readonly StageStatus[],
  shared: ReadonlySet<StageName> = new Set(),
): Promise<DistillEstimate> {
  const folder = await mkdtemp(join(tmpdir(), 'rankscope-distill-'));
  try {
    return await sumUp(await estimates(context, status, folder, shared), context.layout.output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const NOTHING: Numbers = { seconds: 0, memoryBytes: 0, diskBytes: 0 };

async function estimates(
  context: StageContext,
  status: readonly StageStatus[],
  folder: string,
  shared: ReadonlySet<StageName>,
): Promise<StageEstimate[]> {
  const { prepared, layout } = context;
  const stateOf = (stage: StageName) => status.find((one) => one.stage === stage)!.state;
  const isDone = (stage: StageName) => stateOf(stage) === 'done';
  const total = prepared.queries.training.length;
  const chosen: Layout = isDone('candidates') ? layout : inFolder(layout, folder);
  if (!isDone('candidates')) await writeChosen(chosen, prepared.queries);
  const probe = isDone('candidates')
    ? { ...NOTHING, file: layout.candidates, queries: total }
    : await firstStage(context, folder);
  const { file, queries, ...first } = probe;

  const evaluation = isDone('evaluate') ? undefined : await probeEvaluation({ ...context, layout: chosen });
  const labels = isDone('label') || shared.has('label') ? undefined : await probeLabels(context, file);
  const labelled = stateOf('label') === 'begun' ? await labelledLines(context) : 0;
  const training = isDone('train')
    ? NOTHING
    : await estimateTraining(
        context,
        isDone('label') ? { file: layout.labels, labelled: true } : { file, labelled: false },
        folder,
      );
  const { dtypes, weights } = context.recipe.export;
  const probeMaking = (made: readonly Dtype[]) => probeExport(context, made, weights === 'bf16' ? 2 : 4);
  const evaluated = evaluation && (await probeMaking(evaluatedDtypes(context.recipe)));
  // What is evaluated is copied afterwards; beside the making, that takes no time.
  const isCopied =
    evaluated !== undefined || (isDone('train') && (await evaluatedCard(context)) !== undefined);
  const made = isDone('export') ? NOTHING : await probeMaking(dtypes);
  const exporting = isCopied ? { ...NOTHING, diskBytes: made.diskBytes } : made;
  const numbers: Readonly<Record<StageName, Numbers>> = {
    candidates: { ...first, work: { count: total, unit: 'queries', upperBound: false } },
    label: labels ? labelNumbers(labels, (total - Math.min(total, labelled)) / queries) : NOTHING,
    train: training,
    evaluate: evaluation && evaluated ? evaluationNumbers(evaluation, evaluated) : NOTHING,
    export: exporting,
  };
  return STAGES.map((stage) => {
    if (isDone(stage)) return { stage, state: 'done', ...NOTHING };
    if (shared.has(stage)) return { stage, state: stateOf(stage), ...NOTHING, shared: true };
    return { stage, state: stateOf(stage), ...numbers[stage] };
  });
}

async function firstStage({ recipe: { data }, prepared, signal }: StageContext, folder: string) {
  const { training, files } = prepared.queries;
  const { k, bm25, run, skipFaulty, keepIdenticalIds } = data;
  const { searchesPerSecond: _, ...probe } = await probeCandidates(
    { input: files.corpus!, k, bm25, run, skipFaulty, keepIdenticalIds, signal },
    training,
    folder,
  );
  return probe;
}

/** @param share how often the lists that were looked at go into what is left */
function labelNumbers(labels: LabelEstimate, share: number): Numbers {
  const { calls, upperBound, seconds, memoryBytes, outputBytes } = labels;
  return {
    seconds: share * seconds,
    work: { count: Math.round(share * calls), unit: 'calls', upperBound },
    memoryBytes,
    diskBytes: Math.ceil(share * outputBytes),
  };
}

/** @param exported making the scorer that is evaluated */
function evaluationNumbers(probe: EvaluationProbe, exported: Numbers): Numbers {
  const { calls, upperBound, seconds, diskBytes, memoryBytes } = probe;
  return {
    seconds: seconds + exported.seconds,
    work: { count: calls, unit: 'calls', upperBound },
    memoryBytes: Math.max(memoryBytes, exported.memoryBytes),
    diskBytes: diskBytes + exported.diskBytes,
  };
}

/** The query files of a folder that is removed afterwards. */
function inFolder(layout: Layout, folder: string): Layout {
  return {
    ...layout,
    trainingQueries: join(folder, 'training.jsonl'),
    heldOutQueries: join(folder, 'held-out.jsonl'),
    heldOutQrels: join(folder, 'held-out.tsv'),
  };
}
