/** A conversion: everything checked and counted first, then weights, folder, comparison of scores. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { draftConverted } from '../../src/checkpoint/draft-converted.ts';
import { openWeights } from '../../src/checkpoint/find-weights.ts';
import { type HfTokenizer, readConfig, readLicense, readTokenizer } from '../../src/checkpoint/hf-folder.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { planModel } from '../../src/weights/plan-model.ts';
import { readModel } from '../../src/weights/read-model.ts';
import { folderSeconds, MEASURE_FROM_WEIGHTS } from '../checkpoint/folder-estimate.ts';
import { type Needs, needsOf, SMALLER } from '../checkpoint/folder-needs.ts';
import { refuseForeignFolder } from '../checkpoint/own-folder.ts';
import { nodeFolder } from '../node/folder.ts';
import { freeFor, peakMemory, refuseWhatCannotFit } from '../node/machine.ts';
import { writing } from '../node/writing.ts';
import type { ConvertListener, ConvertPlan, ConvertRequest, ConvertSummary } from './convert-types.ts';
import { writeConverted } from './write-converted.ts';

/** Unused tensors that are named; a file may hold very many. */
const NAMED = 8;

/**
 * @returns the summary; the plan alone on a dry run.
 * @throws RankscopeError naming file, tensor and reason; an unfinished folder has no ranker.json.
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
  const { name } = folder;
  const config = await readConfig(folder);
  const { draft, recognised } = draftConverted(
    { config, license: await readLicense(folder) },
    {
      source: resolve(input),
      command: `npm run trainer -- convert --input ${input} --output ${output}`,
      name: request.name,
      role: request.role,
      templates: request.templates,
    },
  );
  const files = await openWeights(folder);
  let model: T5Model;
  let tokenizer: HfTokenizer | undefined;
  let described: ConvertPlan;
  let weights: 'F32' | 'BF16';
  try {
    const plan = planModel(config, files.tensors, `${name}config.json`);
    tokenizer = request.weightsOnly ? undefined : await readTokenizer(folder, plan.config.vocabSize);
    if (tokenizer) checkLabels(tokenizer, draft);
    weights = request.weights ?? (plan.stored === 'BF16' ? 'BF16' : 'F32');
    const needs = needsOf(plan, request.dtypes, weights === 'BF16' ? 2 : 4);
    const free = await freeFor(output);
    const unmeasured = whyUnmeasured(request, needs, free.memoryBytes);
    const { convertBytes, measureBytes, diskBytes } = needs;
    const work = {
      plan,
      dtypes: request.dtypes,
      threads: request.threads,
      weights: files.paths[0]!,
      templates: unmeasured === undefined ? draft.templates.length : 0,
    };
    const isLong = request.dryRun || plan.size >= MEASURE_FROM_WEIGHTS;
    described = {
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
        available: free.memoryBytes,
      },
      disk: { needed: diskBytes, available: free.diskBytes },
      ...(isLong ? { estimatedSeconds: await folderSeconds(work) } : {}),
      unmeasured,
    };
    listener.planned?.(described);
    const least = { memoryBytes: convertBytes, diskBytes };
    refuseWhatCannotFit('This conversion', least, free, output, SMALLER);
    if (request.dryRun) return described;
    // Known now, not after the weights were read.
    await writing(output, 'Nothing was started.', () => mkdir(output, { recursive: true }));
    model = await readModel(plan, config, name, {
      signal,
      onProgress: (done) => listener.reading?.(done, plan.bytes),
    });
  } finally {
    await files.close();
  }
  const measuring = described.unmeasured === undefined;
  const content = { model, tokenizer, draft, weights, measuring };
  const { bytes, dtypeMeasures } = await writing(output, 'The folder is incomplete.', () =>
    writeConverted(content, request, listener),
  );
  return {
    ...described,
    output,
    bytes,
    seconds: (performance.now() - began) / 1000,
    peakMemory: peakMemory(),
    dtypeMeasures,
  };
}

/** Labels must be tokens that the model has. */
function checkLabels({ tokenizer }: HfTokenizer, { templates }: Pick<RankerCard, 'templates'>): void {
  for (const { labels } of templates) for (const label of labels) tokenizer.labelId(label);
}

function whyUnmeasured(request: ConvertRequest, needs: Needs, available: number): string | undefined {
  if (request.weightsOnly) return 'there is no tokenizer';
  if (!request.measure) return 'it was not wanted';
  if (!needs.measurable) return 'the fp32 scorer to compare with would exceed 2 GiB';
  if (needs.measureBytes > available) return 'there is too little memory for the fp32 scorer to compare with';
  return undefined;
}
