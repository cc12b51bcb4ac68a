/** An export from weights to a listed, measured checkpoint folder. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Comparison } from '../../src/checkpoint/build/compare-scorers.ts';
import type { WrittenFiles } from '../../src/checkpoint/build/model-files.ts';
import { writeCheckpoint } from '../../src/checkpoint/build/write-checkpoint.ts';
import type { DtypeMeasure, RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { readTokenizerFiles } from '../../src/checkpoint/tokenizer-files.ts';
import { RankscopeError, throwIfCancelled } from '../../src/errors.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { labelsOf } from '../../src/ranking/template.ts';
import type { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { draftCard } from '../checkpoint/card-draft.ts';
import { compareHere } from '../checkpoint/compare-here.ts';
import { folderNeeds, folderSeconds, MEASURE_FROM_WEIGHTS } from '../checkpoint/folder-estimate.ts';
import { SMALLER } from '../checkpoint/folder-needs.ts';
import { checkpointWriter } from '../checkpoint/folder-writer.ts';
import { modelCard } from '../checkpoint/model-card.ts';
import { addToIndex, entryPath, readIndex } from '../checkpoint/model-index.ts';
import { refuseForeignFolder } from '../checkpoint/own-folder.ts';
import { exportFolder, openSource } from '../checkpoint/read-source.ts';
import { count } from '../cli/progress.ts';
import { freeFor, type Resources, refuseWhatCannotFit } from '../node/machine.ts';
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
  await checkRequest(request, templates, (await readTokenizerFiles(exportFolder(checkpoint))).tokenizer);
  const work = { plan, dtypes, templates: templates.length, weights: folder.weights, threads };
  return {
    parameters: plan.size,
    seconds: await folderSeconds(work),
    memoryBytes: Math.max(needs.convertBytes, needs.measureBytes),
    diskBytes: needs.diskBytes + needs.scratchBytes,
    free: await freeFor(output),
  };
}

/** Labels must be tokens, and the list of models one that can be added to. */
async function checkRequest(
  { index, output }: ExportRequest,
  templates: RankerCard['templates'],
  tokenizer: T5Tokenizer,
): Promise<void> {
  for (const label of templates.flatMap(labelsOf)) tokenizer.labelId(label);
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
  const source = await openSource(checkpoint);
  let card: RankerCard;
  try {
    const draft = await draftCard(checkpoint, { ...request, file: request.card });
    await checkRequest(request, draft.templates, source.tokenizer);
    step('scoring with fp32');
    const about = { tokenizer: source.tokenizer, card: draft };
    const comparison = await Comparison.start(source.model, about, compareHere(output, request.threads));
    const side = dtypes.includes('int8') ? await comparison.int8Side(step) : undefined;
    const writer = checkpointWriter(output);
    const measureAll = async (written: WrittenFiles) => {
      const measures: Partial<Record<Dtype, DtypeMeasure>> = {};
      for (const dtype of dtypes) {
        step(`comparing ${dtype}`);
        const result = await comparison.measure(writer, written, dtype);
        measures[dtype] = result;
        say(
          `${dtype.padEnd(5)} ${count(result.bytes).padStart(13)} bytes   error ${(100 * result.scoreError).toFixed(2)} % ` +
            `of the scores' standard deviation, ${(100 * result.agreement).toFixed(1)} % decided as in fp32`,
        );
      }
      return { dtypeMeasures: measures, probe: comparison.cardProbe() };
    };
    const { tokenizerJson, tokenizerConfigJson, model } = source;
    card = await writing(output, 'The folder is incomplete.', () =>
      writeCheckpoint(writer, {
        model,
        tokenizerJson,
        tokenizerConfigJson,
        dtypes,
        weights: request.weights,
        signal,
        narrow: side?.narrow,
        card: draft,
        measure: measureAll,
        onFile: step,
        readme: modelCard,
      }),
    );
  } finally {
    await source.close();
  }
  if (index !== undefined) {
    const entry = await writing(index, 'The folder is complete.', () => addToIndex(index, output, card));
    say(`${entry.id} (${entry.role}, ${count(entry.bytes)} bytes to download) is listed in ${index}.`);
  }
  say(`Written to ${output}.`);
  return card;
}

/** Number of weights by the file's size, a guess: at least two bytes each. */
async function weightsOf(folder: string): Promise<number> {
  const found = await stat(join(folder, 'model.safetensors')).catch(() => undefined);
  return (found?.size ?? 0) / 2;
}
