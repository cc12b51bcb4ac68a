/** A conversion: everything checked and counted first, then weights, folder, comparison of scores. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type ConvertOptions,
  convertOriginal,
  convertWeights,
  type OpenedOriginal,
  openOriginal,
} from '../../src/checkpoint/build/convert-folder.ts';
import type { DtypeMeasure } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { compareHere } from '../checkpoint/compare-here.ts';
import { folderSeconds, MEASURE_FROM_WEIGHTS } from '../checkpoint/folder-estimate.ts';
import { type Needs, needsOf, SMALLER } from '../checkpoint/folder-needs.ts';
import { checkpointWriter } from '../checkpoint/folder-writer.ts';
import { modelCard } from '../checkpoint/model-card.ts';
import { refuseForeignFolder } from '../checkpoint/own-folder.ts';
import { nodeFolder } from '../node/folder.ts';
import { freeFor, peakMemory, refuseWhatCannotFit } from '../node/machine.ts';
import { writing } from '../node/writing.ts';
import type { ConvertListener, ConvertPlan, ConvertRequest, ConvertSummary } from './convert-types.ts';

/** Unused tensors that are named; a file may hold very many. */
const NAMED = 8;

/**
 * @returns the summary; the plan alone on a dry run.
 * @throws RankscopeError naming file, tensor and reason; nothing is kept of an unfinished folder.
 */
export async function runConvert(
  request: ConvertRequest,
  listener: ConvertListener = {},
): Promise<ConvertPlan | ConvertSummary> {
  const began = performance.now();
  const { input, output, signal } = request;
  if (resolve(input) === resolve(output)) {
    throw new RankscopeError('bad-input', `${output} is the input itself; choose another --output.`);
  }
  await refuseForeignFolder(output);
  const folder = nodeFolder(input, '');
  const wishes = {
    source: resolve(input),
    command: `npm run trainer -- convert --input ${input} --output ${output}`,
    name: request.name,
    role: request.role,
    templates: request.templates,
  };
  const original = await openOriginal(folder, wishes, { tokenizer: !request.weightsOnly, signal });
  try {
    const { described, weights } = await describe(original, request);
    listener.planned?.(described);
    const { memory, disk } = described;
    const least = { memoryBytes: memory.least, diskBytes: disk.needed };
    const free = { memoryBytes: memory.available, diskBytes: disk.available };
    refuseWhatCannotFit('This conversion', least, free, output, SMALLER);
    if (request.dryRun) return described;
    // Known now, not after the weights were read.
    await writing(output, 'Nothing was started.', () => mkdir(output, { recursive: true }));
    const dtypeMeasures: Partial<Record<Dtype, DtypeMeasure>> = {};
    const options: ConvertOptions & { readonly weights: typeof weights } = {
      ...wishes,
      dtypes: request.dtypes,
      weights,
      signal,
      readme: modelCard,
      compare: described.unmeasured === undefined ? compareHere(output, request.threads) : undefined,
      onProgress: listener.progress,
      onMeasured(dtype, measure) {
        dtypeMeasures[dtype] = measure;
        listener.measured?.(dtype, measure);
      },
    };
    const files = await writing(output, 'Nothing of it was kept.', async () => {
      // A card of an earlier conversion must not vouch for other weights: the writer removes it.
      if (request.weightsOnly) {
        return (await convertWeights(original, checkpointWriter(output, { keepMark: true }), options)).files;
      }
      return (await convertOriginal(original, checkpointWriter(output), options)).files;
    });
    return {
      ...described,
      output,
      bytes: Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0),
      seconds: (performance.now() - began) / 1000,
      peakMemory: peakMemory(),
      dtypeMeasures,
    };
  } finally {
    await original.close();
  }
}

/** The plan of a conversion, its estimate measured where it will take long. */
async function describe(
  { plan, draft, recognised, files }: OpenedOriginal,
  request: ConvertRequest,
): Promise<{ readonly described: ConvertPlan; readonly weights: 'F32' | 'BF16' }> {
  const weights = request.weights ?? (plan.stored === 'BF16' ? 'BF16' : 'F32');
  const needs = needsOf(plan, request.dtypes, weights === 'BF16' ? 2 : 4);
  const free = await freeFor(request.output);
  const unmeasured = whyUnmeasured(request, needs, free.memoryBytes);
  const { convertBytes, measureBytes, diskBytes, scratchBytes } = needs;
  const work = {
    plan,
    dtypes: request.dtypes,
    threads: request.threads,
    weights: files.paths[0]!,
    templates: unmeasured === undefined ? draft.templates.length : 0,
  };
  const isLong = request.dryRun || plan.size >= MEASURE_FROM_WEIGHTS;
  const described: ConvertPlan = {
    name: draft.name,
    kind: recognised.kind,
    trainedTemplates: recognised.trained,
    role: draft.role,
    templates: draft.templates.map(({ id }) => id),
    parameters: plan.size,
    stored: plan.stored ?? 'mixed',
    weights,
    sources: files.paths,
    unused: { count: plan.unused.length, names: plan.unused.slice(0, NAMED) },
    memory: {
      needed: unmeasured ? convertBytes : Math.max(convertBytes, measureBytes),
      least: convertBytes,
      available: free.memoryBytes,
    },
    disk: { needed: diskBytes + (unmeasured ? 0 : scratchBytes), available: free.diskBytes },
    estimatedSeconds: isLong ? await folderSeconds(work) : undefined,
    unmeasured,
  };
  return { described, weights };
}

function whyUnmeasured(request: ConvertRequest, needs: Needs, available: number): string | undefined {
  if (request.weightsOnly) return 'there is no tokenizer';
  if (!request.measure) return 'it was not wanted';
  if (needs.measureBytes > available) return 'there is too little memory for the fp32 scorer to compare with';
  return undefined;
}
