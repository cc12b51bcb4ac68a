/**
 * The training loop of one stage: any number of kinds of step over the same weights. What a step is
 * made of depends on the stage's seed and the step's number alone, so that a run that was stopped
 * goes on to the same weights.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { RankscopeError } from '../../src/errors.ts';
import { type Random, seededRandom } from '../../src/t5/init-random.ts';
import type { TrainingShape } from '../../src/t5/training-graph.ts';
import { type AdamWOptions, adamW } from '../../src/training/adamw.ts';
import { padRows } from '../../src/training/pad-rows.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { loadState, removeState, saveState, writeWhole } from '../engine/state.ts';
import { duration, type TrainingLog } from './log.ts';

export interface StepPlan {
  /** For the log: 'match', 'pair' … */
  readonly kind: string;
  readonly prompts: readonly Int32Array[];
  readonly target: Float32Array;
  /** Shape without rows and length, which follow from the prompts. */
  readonly shape: Omit<TrainingShape, 'rows' | 'length'>;
}

export interface StageOptions {
  readonly name: string;
  readonly steps: number;
  readonly learningRate: number;
  /** Steps of linear warm-up. */
  readonly warmup: number;
  /** Share of the steps, at the end, over which the rate falls linearly to 5 % of itself. */
  readonly decay: number;
  readonly seed: number;
  readonly optimiser: AdamWOptions;
  /** File of the state that a stopped run goes on from. */
  readonly statePath: string;
  readonly plan: (random: Random, step: number) => StepPlan;
  /** Called every `validateEvery` steps and after the last. */
  readonly validate?: (step: number) => Promise<Readonly<Record<string, number>>>;
  readonly validateEvery: number;
  /** Saves the state and ends the stage after the step that is under way. */
  readonly signal?: AbortSignal;
  /** Seconds between saves of the state; default 60. */
  readonly saveSeconds?: number;
}

/** Lengths are padded to multiples of this: few shapes to compile, little waste. */
const LENGTH_STEP = 16;
const SAVE_SECONDS = 60;
const REPORT_STEPS = 25;

/** Rate at a step: warm-up, constant, linear decay. */
export function learningRateAt(
  step: number,
  options: Pick<StageOptions, 'steps' | 'learningRate' | 'warmup' | 'decay'>,
): number {
  const { steps, learningRate, warmup, decay } = options;
  const rising = Math.min(1, (step + 1) / Math.max(1, warmup));
  const tail = steps * decay;
  const falling = tail > 0 ? Math.min(1, 0.05 + (0.95 * (steps - step)) / tail) : 1;
  return learningRate * Math.min(rising, falling);
}

/** Trains until the stage's last step. Returns what there is to draw. */
export async function runStage(model: TrainableModel, options: StageOptions, log: TrainingLog) {
  const { name, steps, statePath, saveSeconds = SAVE_SECONDS } = options;
  const { parameters, adam } = model;
  const from = loadState(statePath, parameters.values, adam) ?? 0;
  if (from > 0) log.say(`${name}: continuing at step ${from} of ${steps}`);
  const { curve, validation } = readCurves(statePath, from);
  let saved = performance.now();
  let reported = performance.now();
  let tokens = 0;
  let sums = new Map<string, { loss: number; count: number }>();
  log.progress(from, steps, 'steps', name);
  for (let step = from; step < steps; step++) {
    const random = seededRandom(options.seed * 1_000_003 + step);
    const plan = options.plan(random, step);
    const { ids, mask, length } = padRows(plan.prompts, LENGTH_STEP);
    const compiled = await model.step({ ...plan.shape, rows: plan.prompts.length, length });
    const { loss } = await compiled.run({ ids, mask, target: plan.target });
    const rate = learningRateAt(step, options);
    const gradNorm = adamW(parameters.values, model.grads, adam, rate, options.optimiser);
    tokens += ids.length;
    const sum = sums.get(plan.kind) ?? { loss: 0, count: 0 };
    sums.set(plan.kind, { loss: sum.loss + loss, count: sum.count + 1 });

    const done = step + 1;
    log.progress(done, steps, 'steps', name);
    if (done % REPORT_STEPS === 0 || done === steps) {
      const seconds = (performance.now() - reported) / 1000;
      const perStep = seconds / (done % REPORT_STEPS || REPORT_STEPS);
      const losses = Object.fromEntries([...sums].map(([kind, s]) => [kind, round(s.loss / s.count)]));
      const all = [...sums.values()];
      curve.push([done, all.reduce((a, s) => a + s.loss, 0) / all.reduce((a, s) => a + s.count, 0)]);
      log.record({
        stage: name,
        step: done,
        losses,
        lr: rate,
        gradNorm: round(gradNorm),
        tokensPerSecond: Math.round(tokens / seconds),
      });
      if (done % (4 * REPORT_STEPS) === 0 || done === steps) {
        const text = Object.entries(losses)
          .map(([kind, value]) => `${kind} ${value}`)
          .join(', ');
        log.detail(
          `${name} ${done}/${steps}: ${text}; ${(perStep * 1000).toFixed(0)} ms per step, ${duration((steps - done) * perStep)} left`,
        );
      }
      sums = new Map();
      tokens = 0;
      reported = performance.now();
    }
    if (options.validate && (done % options.validateEvery === 0 || done === steps)) {
      const scores = await options.validate(done);
      log.record({ stage: name, step: done, validation: scores });
      validation.push({ step: done, values: scores });
      log.say(
        `${name} ${done}: ${Object.entries(scores)
          .map(([key, value]) => `${key} ${value.toFixed(3)}`)
          .join(', ')}`,
      );
      reported = performance.now();
      tokens = 0;
      sums = new Map();
    }
    const stopped = options.signal?.aborted === true;
    if ((stopped || performance.now() - saved >= saveSeconds * 1000) && done < steps) {
      writeWhole(curvesPath(statePath), JSON.stringify({ curve, validation }));
      saveState(statePath, { step: done, values: parameters.values, adam });
      saved = performance.now();
      if (stopped) {
        throw new RankscopeError(
          'cancelled',
          `Interrupted in ${name} after ${done} of ${steps} steps, which are saved. Run the same command again to continue.`,
        );
      }
    }
  }
  const finish = () => {
    removeState(statePath);
    rmSync(curvesPath(statePath), { force: true });
  };
  return { curve, validation, finish };
}

export interface StageCurves {
  /** [step, loss] averages. */
  readonly curve: [number, number][];
  readonly validation: { readonly step: number; readonly values: Readonly<Record<string, number>> }[];
}

const curvesPath = (statePath: string) => `${statePath}.curves.json`;

/** What was drawn before the state at step `from`; a file written ahead of its state may know more. */
function readCurves(statePath: string, from: number): StageCurves {
  const path = curvesPath(statePath);
  if (from === 0 || !existsSync(path)) return { curve: [], validation: [] };
  const { curve, validation } = JSON.parse(readFileSync(path, 'utf8')) as StageCurves;
  return {
    curve: curve.filter(([step]) => step <= from),
    validation: validation.filter(({ step }) => step <= from),
  };
}

const round = (value: number) => Math.round(value * 1e4) / 1e4;
