/** One optimiser step of a training: the gradients of its lists, part by part, then one update. */
import { throwIfCancelled } from '../errors.ts';
import { type AdamWOptions, adamW } from './adamw.ts';
import type { ListGradient, TrainingList } from './list-gradient.ts';
import { type RateSettings, rateAt, type StepPlan } from './step-plan.ts';
import type { TrainableModel } from './trainable-model.ts';

export interface TrainStepInput {
  readonly model: TrainableModel;
  readonly engine: Pick<ListGradient, 'gradient'>;
  readonly plan: StepPlan;
  /** All lists that are learnt from; the plan chooses among them. */
  readonly lists: readonly TrainingList[];
  readonly settings: RateSettings & { readonly accumulate: number };
  readonly optimiser: AdamWOptions;
  readonly signal?: AbortSignal;
}

export interface TrainStepResult {
  /** Mean of the lists' losses before the update. */
  readonly loss: number;
  readonly rate: number;
  /** Before clipping; where it is not finite nothing has changed. */
  readonly gradientNorm: number;
  /** Of the prompts, end tokens counted, padding not. */
  readonly tokens: number;
}

/**
 * Does step `step` (from 0) of the plan: a function of weights, moments, plan and step alone, so that a training that
 * was stopped goes on to the same weights.
 * @throws RankscopeError 'cancelled' between two runs of the model; weights and moments are then as they were
 * @example for (let step = 0; step < plan.steps; step++) console.log((await trainStep(input, step)).loss);
 */
export async function trainStep(input: TrainStepInput, step: number): Promise<TrainStepResult> {
  const { model, engine, plan, settings, signal } = input;
  const parts = plan.listsOf(step);
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  let loss = 0;
  let tokens = 0;
  for (const [p, part] of parts.entries()) {
    // A run of the model may hold its thread: signals come in here.
    await model.runtime.yieldTask();
    throwIfCancelled(signal);
    const lists = part.map((l) => input.lists[l]!);
    const share = part.length / count;
    const draw = step * settings.accumulate + p;
    const result = await engine.gradient(lists, share, p > 0, { signal, draw });
    loss += share * result.loss;
    for (const { prompts } of lists) for (const { length } of prompts) tokens += length;
  }
  const rate = rateAt(step, plan.steps, settings);
  const gradientNorm = adamW(model.parameters.values, model.grads, model.adam, rate, input.optimiser);
  return { loss, rate, gradientNorm, tokens };
}
