/** An export from weights to a listed, measured checkpoint folder. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DtypeMeasure, RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { readTokenizerFiles } from '../../src/checkpoint/tokenizer-files.ts';
import { RankscopeError, throwIfCancelled } from '../../src/errors.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { NarrowSide } from '../../src/t5/forms.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import type { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { draftCard } from '../checkpoint/card-draft.ts';
import { writeCheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { folderNeeds, folderSeconds, MEASURE_FROM_WEIGHTS } from '../checkpoint/folder-estimate.ts';
import { SMALLER } from '../checkpoint/folder-needs.ts';
import { compareScores, type ProbeModel, probeScores } from '../checkpoint/measure-scorers.ts';
import { addToIndex, entryPath, readIndex } from '../checkpoint/model-index.ts';
import { refuseForeignFolder } from '../checkpoint/own-folder.ts';
import { exportFolder, readSource } from '../checkpoint/read-source.ts';
import { count } from '../cli/progress.ts';
import { freeFor, type Resources, refuseWhatCannotFit } from '../node/machine.ts';
import { nodeRuntime } from '../node/runtime.ts';
import { writing } from '../node/writing.ts';

export interface ExportRequest {
  readonly checkpoint: string;
  readonly output: string;
  readonly dtypes: readonly Dtype[];
  readonly weights: 'F32' | 'BF16';
  readonly index?: string;
  readonly card?: string;
  readonly role?: 'teacher' | 'student' | 'base';
  readonly name?: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** What an export takes. */
export interface ExportEstimate extends Resources {
  /** Number of weights. */
  readonly parameters: number;
  readonly seconds: number;
  /** What the machine has. */
  readonly free: Resources;
}

export interface ExportListener {
  /** Before the weights are read where that takes long. */
  estimated?(estimate: ExportEstimate): void;
  say?(line: string): void;
  /** Before each part of the work. */
  step?(done: number, total: number, what: string): void;
}

/**
 * What an export will take, from the heads of the files and a measured probe; nothing is written.
 * @throws as runExport; 'device' for what cannot fit
 */
export async function planExport(request: ExportRequest): Promise<ExportEstimate> {
  const { checkpoint, output, dtypes, weights, threads } = request;
  refuseSameFolder(request);
  await refuseForeignFolder(output);
  const folder = await folderNeeds(checkpoint, dtypes, weights === 'BF16' ? 2 : 4);
  const { templates } = await draftCard(checkpoint, { ...request, file: request.card });
  const { plan, needs } = folder;
  if (!needs.measurable) {
    throw new RankscopeError(
      'bad-input',
      `${checkpoint} has ${count(plan.size)} weights: the fp32 scorer to compare the others with would exceed 2 GiB. “convert” works without the comparison.`,
    );
  }
  await checkRequest(request, templates, (await readTokenizerFiles(exportFolder(checkpoint))).tokenizer);
  const work = { plan, dtypes, templates: templates.length, weights: folder.weights, threads };
  return {
    parameters: plan.size,
    seconds: await folderSeconds(work),
    memoryBytes: Math.max(needs.convertBytes, needs.measureBytes),
    diskBytes: needs.diskBytes,
    free: await freeFor(output),
  };
}

/** Labels must be tokens, and the list of models one that can be added to. */
async function checkRequest(
  { index, output }: ExportRequest,
  templates: RankerCard['templates'],
  tokenizer: T5Tokenizer,
): Promise<void> {
  for (const { labels } of templates) for (const label of labels) tokenizer.labelId(label);
  if (index === undefined) return;
  entryPath(index, output);
  await readIndex(index);
}

export function refuseExport(estimate: ExportEstimate, { output }: ExportRequest): void {
  refuseWhatCannotFit('This export', estimate, estimate.free, output, SMALLER);
}

function refuseSameFolder({ checkpoint, output }: ExportRequest): void {
  if (resolve(checkpoint) !== resolve(output)) return;
  throw new RankscopeError('bad-input', `${output} is the checkpoint itself; choose another --output.`);
}

/** Writes the folder, measures every dtype, completes the card, and lists it. Returns the card. */
export async function runExport(request: ExportRequest, listener: ExportListener = {}): Promise<RankerCard> {
  const { checkpoint, output, dtypes, index, signal } = request;
  const say = listener.say ?? (() => {});
  refuseSameFolder(request);
  await refuseForeignFolder(output);
  if ((await weightsOf(checkpoint)) >= MEASURE_FROM_WEIGHTS) {
    const estimate = await planExport(request);
    listener.estimated?.(estimate);
    refuseExport(estimate, request);
  }
  const total = 2 + 2 * dtypes.length + (dtypes.includes('int8') ? 2 : 0);
  let done = 0;
  const step = (what: string) => {
    throwIfCancelled(signal);
    listener.step?.(done++, total, what);
  };
  const source = await readSource(checkpoint);
  const draft = await draftCard(checkpoint, { ...request, file: request.card });
  await checkRequest(request, draft.templates, source.tokenizer);
  const probe = { config: source.model.config, tokenizer: source.tokenizer, card: draft };
  step('scoring with fp32');
  const measure = await measurer(probe, buildScorer(source.model, 'fp32'), request.threads);
  const narrow = dtypes.includes('int8') ? await betterSide(source.model, measure, step) : undefined;
  const measureAll = async ({ scorers }: Pick<RankerCard, 'scorers'>) => {
    const measures: Partial<Record<Dtype, DtypeMeasure>> = {};
    for (const dtype of dtypes) {
      step(`comparing ${dtype}`);
      const result = await measure(new Uint8Array(await readFile(join(output, scorers[dtype]!))));
      measures[dtype] = result;
      say(
        `${dtype.padEnd(5)} ${count(result.bytes).padStart(13)} bytes   error ${(100 * result.scoreError).toFixed(2)} % ` +
          `of the scores' standard deviation, ${(100 * result.agreement).toFixed(1)} % decided as in fp32`,
      );
    }
    return measures;
  };
  const content = { ...source, ...request, narrow, card: draft, measure: measureAll, onFile: step };
  const card = await writing(output, 'The folder is incomplete.', () =>
    writeCheckpointFolder(output, content),
  );
  if (index !== undefined) {
    const entry = await writing(index, 'The folder is complete.', () => addToIndex(index, output, card));
    say(`${entry.id} (${entry.role}, ${count(entry.bytes)} bytes to download) is listed in ${index}.`);
  }
  say(`Written to ${output}.`);
  return card;
}

/** Which side of int8 loses less by having 7 bits, in this model. */
async function betterSide(
  model: T5Model,
  measure: Measure,
  step: (what: string) => void,
): Promise<NarrowSide> {
  const error = async (narrow: NarrowSide) => {
    step(`comparing int8 with 7-bit ${narrow}`);
    return (await measure(buildScorer(model, 'int8', { narrow }))).scoreError;
  };
  return (await error('activations')) < (await error('weights')) ? 'activations' : 'weights';
}

/** Number of weights by the file's size, a guess: at least two bytes each. */
async function weightsOf(folder: string): Promise<number> {
  const found = await stat(join(folder, 'model.safetensors')).catch(() => undefined);
  return (found?.size ?? 0) / 2;
}

type Measure = (bytes: Uint8Array) => Promise<DtypeMeasure>;

/** Measures scorers against fp32, whose scores are computed once. */
async function measurer(probe: ProbeModel, fp32: Uint8Array, threads?: number): Promise<Measure> {
  const runtime = nodeRuntime(threads);
  const reference = await probeScores(fp32, probe, runtime);
  return async (bytes) =>
    compareScores(bytes.length, await probeScores(bytes, probe, runtime), reference, probe.card.templates);
}
