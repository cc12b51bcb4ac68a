/** What a training takes, before it: time from a probe of its own lists, memory and disk by count. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AdamWOptions, adamW } from '../../src/training/adamw.ts';
import type { ListGradient } from '../../src/training/list-gradient.ts';
import type { StepPlan } from '../../src/training/step-plan.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import type { EncodedList } from './prompts.ts';
import { groups } from './validate.ts';

export interface Times {
  readonly secondsPerStep: number;
  readonly secondsPerValidation: number;
}

export interface ProbeInput {
  readonly model: TrainableModel;
  readonly engine: Pick<ListGradient, 'gradient' | 'scores'>;
  readonly plan: StepPlan;
  readonly training: readonly EncodedList[];
  readonly validation: readonly EncodedList[];
  readonly optimiser: AdamWOptions;
  readonly chunkTokens: number;
  readonly signal?: AbortSignal;
}

/** Runs of the model of a probe, the first ones to warm up not counted. */
const PROBED_CHUNKS = 2;

/** Times lists of the first step twice; the second time counts. Weights and moments stay as they were. */
export async function probe(input: ProbeInput): Promise<Times> {
  const { engine, plan, training, validation, chunkTokens, signal } = input;
  const lists = some(
    plan
      .listsOf(0)
      .flat()
      .map((l) => training[l]!),
    PROBED_CHUNKS * chunkTokens,
  );
  const gradient = () => engine.gradient(lists, 1, false, { signal });
  await gradient();
  const perToken = (await seconds(gradient)) / tokensOf(lists);
  const perStep = plan.epochsAfter(plan.steps) / plan.steps;
  let secondsPerValidation = 0;
  if (validation.length > 0) {
    const group = some(groups(validation)[0]!, PROBED_CHUNKS * chunkTokens);
    const score = () =>
      engine.scores(
        group.flatMap(({ prompts }) => prompts),
        signal,
      );
    await score();
    secondsPerValidation = ((await seconds(score)) / tokensOf(group)) * tokensOf(validation);
  }
  return {
    secondsPerStep: perToken * perStep * tokensOf(training) + updateSeconds(input),
    secondsPerValidation,
  };
}

/** An update at rate 0 changes no weight; the moments it leaves are cleared. */
function updateSeconds({ model: { parameters, grads, adam }, optimiser }: ProbeInput): number {
  const began = performance.now();
  adamW(parameters.values, grads, adam, 0, optimiser);
  const taken = (performance.now() - began) / 1000;
  adam.m.fill(0);
  adam.v.fill(0);
  adam.step = 0;
  return taken;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const tokensOf = (lists: readonly EncodedList[]) => lists.reduce((sum, { tokens }) => sum + tokens, 0);

/** The first lists that have so many tokens together. */
function some(lists: readonly EncodedList[], tokens: number): EncodedList[] {
  let sum = 0;
  const end = lists.findIndex((list) => {
    sum += list.tokens;
    return sum >= tokens;
  });
  return lists.slice(0, end < 0 ? lists.length : end + 1);
}

/**
 * Bytes of the output folder at its fullest: the state (weights and two moments) and the one that
 * replaces it, two generations of the best weights or the result, and the log; less what is there already, but always
 * room for a state and weights beside those that they replace.
 * @param size weights  @param held bytes of the output folder
 */
export function diskNeeded(size: number, steps: number, held = 0): number {
  const rest = 200 * steps + 8 * 2 ** 20;
  return Math.max(32 * size - held, 16 * size) + rest;
}

/** Bytes of what an earlier run left in the output folder. */
export async function heldBytes(output: string | undefined): Promise<number> {
  if (output === undefined) return 0;
  const files = await readdir(output, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(output, file)).then(
        (one) => (one.isFile() ? one.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
