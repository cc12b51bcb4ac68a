/** The model of a training and what it takes, measured on its own lists. */

import { ListGradient } from '../../src/training/list-gradient.ts';
import type { StepPlan } from '../../src/training/step-plan.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { openTrainable } from '../engine/trainable.ts';
import { freeFor, refuseWhatCannotFit } from '../node/machine.ts';
import type { TrainingData } from './data.ts';
import { trainingBytes } from './memory.ts';
import { optimiserOf, validateEvery } from './settings.ts';
import type { Start } from './start.ts';
import type { TrainEstimate } from './train-request.ts';
import { diskNeeded, heldBytes, probe } from './training-estimate.ts';

export interface OpenedModel {
  readonly model: TrainableModel;
  readonly engine: ListGradient;
  readonly memoryBytes: number;
  /** Before the weights were read. */
  readonly free: TrainEstimate['free'];
  readonly diskBytes: number;
  release(): Promise<void>;
}

/** What would need less memory. */
const SMALLER =
  'Choose a smaller --chunk-tokens or --passage-tokens, a smaller checkpoint, or a machine with more memory.';

/** @throws RankscopeError 'device' for what cannot fit, before the weights are read */
export async function openModel(start: Start, plan: StepPlan, data: TrainingData): Promise<OpenedModel> {
  const { request, base, settings, template } = start;
  const { chunkTokens, threads, loss, temperature, margin, dropout, seed } = settings;
  const place = request.output ?? '.';
  const decoderIds = [
    base.config.decoderStartId,
    ...(template.decoderPrefix ? base.tokenizer.encode(template.decoderPrefix) : []),
  ];
  const memoryBytes = trainingBytes(base.config, {
    chunkTokens,
    longest: longestOf(data),
    decoderTokens: decoderIds.length,
    dropout,
    dataBytes: [...data.training, ...data.validation].reduce(
      (sum, { tokens, probabilities }) => sum + 4 * tokens + 8 * (probabilities?.length ?? 0),
      0,
    ),
  });
  const diskBytes = diskNeeded(base.size, plan.steps, await heldBytes(request.output));
  const free = await freeFor(place);
  const needs = { memoryBytes, diskBytes: request.output === undefined ? 0 : diskBytes };
  refuseWhatCannotFit('This training', needs, free, place, SMALLER);
  const { weights } = await base.load(request.signal);
  const values = new Map([...weights].map(([name, tensor]) => [name, tensor.data]));
  const model = openTrainable(base.config, values, { threads });
  const engine = ListGradient.open(model, {
    loss,
    chunkTokens,
    temperature,
    margin,
    decoderIds,
    labelIds: template.labels.map((label) => base.tokenizer.labelId(label)),
    labelWeights: [1],
    dropout: { rate: dropout, seed },
  });
  const release = async () => {
    await engine.release();
    await model.release();
  };
  return { model, engine, memoryBytes, free, diskBytes, release };
}

/** @param done steps that an earlier run did */
export async function estimateOf(
  { request: { signal }, base, settings }: Start,
  plan: StepPlan,
  { training, validation, leftOut }: TrainingData,
  { model, engine, memoryBytes, free, diskBytes }: OpenedModel,
  done: number,
): Promise<TrainEstimate> {
  const { chunkTokens } = settings;
  const optimiser = optimiserOf(settings);
  const times = await probe({ model, engine, plan, training, validation, optimiser, chunkTokens, signal });
  const every = validateEvery(settings.validateEvery, plan.steps);
  const stepsLeft = plan.steps - done;
  const validations = Math.ceil(plan.steps / every) - Math.floor(done / every) + (done === 0 ? 1 : 0);
  const passages = training.reduce((sum, { prompts }) => sum + prompts.length, 0);
  return {
    steps: plan.steps,
    stepsLeft,
    passages,
    leftOut,
    memoryBytes,
    free,
    diskBytes,
    chunkTokens,
    lists: training.length,
    validationLists: validation.length,
    cut: [...training, ...validation].reduce((sum, { cut }) => sum + cut, 0),
    meanTokens: training.reduce((sum, { tokens }) => sum + tokens, 0) / passages,
    longestTokens: longestOf({ training, validation }),
    seconds: stepsLeft * times.secondsPerStep + validations * times.secondsPerValidation,
    secondsPerStep: times.secondsPerStep,
    parameters: base.size,
  };
}

function longestOf({ training, validation }: Pick<TrainingData, 'training' | 'validation'>): number {
  let longest = 0;
  for (const { prompts } of [...training, ...validation]) {
    for (const { length } of prompts) longest = Math.max(longest, length);
  }
  return longest;
}
