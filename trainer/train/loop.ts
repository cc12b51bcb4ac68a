/**
 * The steps of a training, with validations and saves between them. At any moment the folder holds a
 * state, the log up to it and the best weights up to it, so that a killed run goes on to the same weights.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbort, RankscopeError } from '../../src/errors.ts';
import type { AdamWOptions } from '../../src/training/adamw.ts';
import type { ListGradient } from '../../src/training/list-gradient.ts';
import type { StepPlan } from '../../src/training/step-plan.ts';
import { trainStep } from '../../src/training/train-step.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { writing } from '../node/writing.ts';
import type { EncodedList } from './prompts.ts';
import { LOG, WORK } from './record.ts';
import { writeWeights } from './result.ts';
import type { SaveRule, Settings } from './settings.ts';
import { readState, type StateHead, writeState } from './state-file.ts';
import { type StepRecord, TrainLog } from './train-log.ts';
import type { Selection, TrainListener } from './train-request.ts';
import { bestStep, type ValidationList, validate } from './validate.ts';

export interface LoopInput {
  readonly output: string;
  readonly statePath: string;
  readonly model: TrainableModel;
  readonly engine: Pick<ListGradient, 'gradient' | 'scores'>;
  readonly plan: StepPlan;
  readonly training: readonly EncodedList[];
  readonly validation: readonly ValidationList[];
  readonly settings: Pick<Settings, 'learningRate' | 'schedule' | 'warmup' | 'accumulate'>;
  /** Steps between validations. */
  readonly validateEvery: number;
  /** By what the best step is chosen. */
  readonly select: Selection;
  readonly save: Required<SaveRule>;
  readonly optimiser: AdamWOptions;
  readonly listener: TrainListener;
  readonly signal?: AbortSignal;
}

export interface LoopResult {
  readonly finished: boolean;
  /** Steps that were done before this run. */
  readonly resumedAt: number;
  readonly steps: number;
  readonly skipped: number;
  readonly losses: TrainLog['losses'];
  readonly validation: TrainLog['validation'];
}

/** Steps in a row whose gradient is not a number, after which nothing will help. */
const MOST_SKIPPED = 10;

/** What can be said of a training's folder whenever a write fails. */
export const SAVED = 'What was saved before is intact.';

export const bestPath = (output: string, step: number) => join(output, WORK, `best-${step}.safetensors`);

/** Runs what is left. @throws RankscopeError 'device' for a full disk or a training that diverged */
export async function runLoop(input: LoopInput): Promise<LoopResult> {
  const { output, statePath, model } = input;
  const state = await readState(statePath, model);
  const log = await TrainLog.open(join(output, LOG), keptLines(state));
  try {
    const loop = new Loop(input, log);
    const finished = await writing(output, SAVED, () => loop.run(state));
    const { skipped, losses, validation } = log;
    return { finished, resumedAt: state?.step ?? 0, steps: loop.done, skipped, losses, validation };
  } finally {
    await log.close();
  }
}

/** Lines of the log that a state counts on: those of its steps, without the one that waits for a validation. */
function keptLines(state: StateHead | undefined): number {
  if (!state) return 0;
  return state.pending ? state.step : state.step + 1;
}

class Loop {
  done = 0;
  private readonly input: LoopInput;
  private readonly log: TrainLog;
  private saved = performance.now();
  private skipped = 0;

  constructor(input: LoopInput, log: TrainLog) {
    this.input = input;
    this.log = log;
  }

  /** @returns false when the signal ended it; the state is then saved */
  async run(state: StateHead | undefined): Promise<boolean> {
    const { plan, signal } = this.input;
    this.done = state?.step ?? 0;
    const first: StepRecord | undefined = state ? state.pending : { step: 0 };
    if (first && !(await this.conclude(first))) return false;
    this.input.listener.progress?.(this.done, plan.steps, 'steps', '');
    while (this.done < plan.steps) {
      const record = signal?.aborted ? undefined : await this.step();
      if (!record) {
        await this.save();
        return false;
      }
      if (this.validates() || this.done === plan.steps) await this.save(record);
      if (!(await this.conclude(record))) return false;
      if (this.saveIsDue()) await this.save();
    }
    return true;
  }

  /** One optimiser step; undefined when the signal came before its end, and then nothing has changed. */
  private async step(): Promise<StepRecord | undefined> {
    const { plan, training, listener } = this.input;
    const began = performance.now();
    const result = await trainStep({ ...this.input, lists: training }, this.done).catch(undefinedIfAborted);
    if (!result) return undefined;
    const { loss, rate, gradientNorm, tokens } = result;
    this.noticeSkipped(gradientNorm);
    this.done++;
    listener.progress?.(this.done, plan.steps, 'steps', `loss ${loss.toFixed(4)}`);
    return {
      step: this.done,
      epoch: round(plan.epochsAfter(this.done)),
      loss: finite(loss),
      rate,
      gradientNorm: finite(gradientNorm),
      tokensPerSecond: Math.round((1000 * tokens) / (performance.now() - began)),
    };
  }

  private noticeSkipped(gradientNorm: number): void {
    this.skipped = Number.isFinite(gradientNorm) ? 0 : this.skipped + 1;
    if (this.skipped < MOST_SKIPPED) return;
    throw new RankscopeError(
      'device',
      `The gradient has not been a number for ${MOST_SKIPPED} steps, up to step ${this.done + 1}: the training diverged. ` +
        'Choose a smaller --learning-rate or a longer --warmup and start over with --fresh.',
    );
  }

  private validates(): boolean {
    const { plan, validateEvery, validation } = this.input;
    return validation.length > 0 && (this.done % validateEvery === 0 || this.done === plan.steps);
  }

  private saveIsDue(): boolean {
    const { checkpointSeconds, checkpointSteps } = this.input.save;
    const seconds = (performance.now() - this.saved) / 1000;
    return seconds >= checkpointSeconds || this.done % checkpointSteps === 0;
  }

  /** Validates where it is due, and writes the step's line. @returns false when the signal ended it */
  private async conclude(record: StepRecord): Promise<boolean> {
    const { engine, validation, signal, listener, output, model, select } = this.input;
    if (!this.validates()) {
      await this.log.append(record);
      return true;
    }
    const onLists = (done: number, total: number) =>
      listener.progress?.(done, total, 'validation lists', `step ${this.done}`);
    const score = (prompts: readonly Int32Array[]) => engine.scores(prompts, signal);
    const values = await validate(validation, score, { signal, onLists }).catch(undefinedIfAborted);
    if (!values) return false;
    const { step } = record;
    const best = bestStep([...this.log.validation, { step, values }], select);
    if (best?.step === step) await writeWeights(bestPath(output, step), model);
    await this.log.append({ ...record, validation: values });
    listener.validated?.({ step, values });
    return true;
  }

  /** @param pending the line of this step, if its validation still has to be done */
  private async save(pending?: StepRecord): Promise<void> {
    const { model, output, statePath } = this.input;
    await this.log.sync();
    await writeState(statePath, model, { step: this.done, pending });
    // Only now is no state left that counts on older weights.
    const best = bestStep(this.log.validation, this.input.select);
    for (const name of await readdir(join(output, WORK))) {
      if (/^best-\d+\.safetensors$/.test(name) && name !== `best-${best?.step}.safetensors`) {
        await rm(join(output, WORK, name), { force: true });
      }
    }
    this.saved = performance.now();
  }
}

/** For `catch`: a cancelled run of the model is an answer, other errors pass. */
function undefinedIfAborted(error: unknown): undefined {
  if (!isAbort(error)) throw error;
}

const round = (value: number) => Math.round(value * 1e4) / 1e4;
const finite = (value: number) => (Number.isFinite(value) ? value : null);
