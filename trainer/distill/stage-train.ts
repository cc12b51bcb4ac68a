/** Stage 3: the student learns the teacher's rankings. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Provenance } from '../../src/checkpoint/ranker-card.ts';
import { writeAtomic } from '../node/atomic.ts';
import { planTrain, runTrain } from '../train/run-train.ts';
import type { TrainRequest, TrainSummary } from '../train/train-request.ts';
import type { Layout } from './layout.ts';
import type { Numbers } from './stage.ts';
import { CANCELLED, type StageContext, type StageResult } from './stage.ts';
import { writeStandIn } from './stand-in-labels.ts';

/** What later stages know of the training: kept in work/, for they may run on another day. */
export type Trained = Pick<TrainSummary, 'steps' | 'best'> &
  Required<Pick<Provenance, 'lossCurve' | 'validation'>>;

export async function trainStage(context: StageContext): Promise<StageResult> {
  const { layout, listener, signal } = context;
  const { state, files, steps, best, lossCurve, validation } = await runTrain(
    { ...trainRequest(context, layout.labels), output: layout.train, signal },
    { notice: listener.notice, progress: listener.progress },
  );
  if (state !== 'done') return CANCELLED;
  const trained: Trained = { steps, best, lossCurve, validation };
  await writeAtomic(layout.trained, `${JSON.stringify(trained)}\n`);
  // By their names: a folder that was moved after an earlier run has them under another path.
  const inside = files!.map((file) => join(layout.train, basename(file)));
  return { state: 'done', files: [...inside, layout.trained] };
}

export async function readTrained({ trained }: Layout): Promise<Trained> {
  return JSON.parse(await readFile(trained, 'utf8')) as Trained;
}

/**
 * What training takes, from a probe of its own steps.
 * @param lists labels, or candidates to stand in for them
 * @param folder for files that the caller removes
 */
export async function estimateTraining(
  context: StageContext,
  lists: { readonly file: string; readonly labelled: boolean },
  folder: string,
): Promise<Numbers> {
  const { prepared, layout, signal } = context;
  const labels = lists.labelled ? lists.file : join(folder, 'stand-in.jsonl');
  const total = prepared.queries.training.length;
  const share = lists.labelled ? 1 : total / (await writeStandIn(lists.file, labels));
  // Of a run that was begun only the steps that are left count.
  const output = lists.labelled ? layout.train : undefined;
  const plan = await planTrain({ ...trainRequest(context, labels), output, signal });
  return {
    seconds: share * plan.seconds,
    work: { count: Math.ceil(share * plan.stepsLeft), unit: 'steps', upperBound: false },
    memoryBytes: plan.memoryBytes,
    diskBytes: plan.diskBytes,
  };
}

function trainRequest({ recipe, prepared }: StageContext, labels: string): TrainRequest {
  const { base, studentTemplate, studentWording, threads, queries } = prepared;
  // Of judged queries the curves show nDCG@10, too; the step is chosen by it only where the recipe says so.
  const judged = queries.trainingQrels !== undefined && recipe.train.holdOut !== 0;
  return {
    qrels: judged ? queries.trainingQrels : undefined,
    // A supervised student has seen judgments anyway.
    select: judged && recipe.labels === 'teacher' ? 'agreement' : undefined,
    // Few queries leave nothing judged, or nothing at all, to validate on: a choice of the recipe's is another matter.
    qrelsMayMiss: (judged && recipe.train.select === undefined) || undefined,
    ...recipe.train,
    checkpoint: base.folder,
    input: labels,
    template: studentWording ?? studentTemplate.id,
    passages: recipe.student.passages,
    seed: recipe.seed,
    threads,
    name: recipe.export.name ?? recipe.name,
    license: recipe.export.license ?? base.card.license,
  };
}
