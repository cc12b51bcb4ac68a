/**
 * Which lists a step sees and at what rate: functions of seed and step alone, so that a run that was
 * stopped goes on to the same weights.
 */
import { seededRandom } from '../t5/init-random.ts';

export const RATE_SCHEDULES = ['constant', 'linear'] as const;
export type RateSchedule = (typeof RATE_SCHEDULES)[number];

export interface PlanSettings {
  /** Passes over the lists, and optimiser steps: what ends first; one of them is given. */
  readonly epochs?: number;
  readonly steps?: number;
  /** Lists whose gradient is computed at a time, and such parts of a step. */
  readonly batch: number;
  readonly accumulate: number;
  readonly seed: number;
}

export interface RateSettings {
  readonly learningRate: number;
  readonly schedule: RateSchedule;
  /** Steps of linear warm-up. */
  readonly warmup: number;
}

/** Keeps the streams of neighbouring seeds apart. */
const SEED_STRIDE = 1_000_003;

export class StepPlan {
  /** Optimiser steps of the whole run. */
  readonly steps: number;
  private readonly lists: number;
  private readonly settings: PlanSettings;
  /** Lists seen in the whole run, repetitions counted. */
  private readonly seen: number;
  private readonly shuffles = new Map<number, Uint32Array>();

  /** @param lists how many there are to learn from, at least 1 */
  constructor(lists: number, settings: PlanSettings) {
    const { epochs, steps, batch, accumulate } = settings;
    this.lists = lists;
    this.settings = settings;
    const size = batch * accumulate;
    const byEpochs =
      epochs === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(epochs * lists));
    const bySteps = steps === undefined ? Number.POSITIVE_INFINITY : steps * size;
    this.seen = Math.min(byEpochs, bySteps);
    this.steps = Math.ceil(this.seen / size);
  }

  /**
   * The lists of a step (from 0), in parts of `batch`: each list once an epoch, a step may span two
   * epochs, the last step may be short.
   */
  listsOf(step: number): number[][] {
    const { batch, accumulate } = this.settings;
    const size = batch * accumulate;
    const end = Math.min((step + 1) * size, this.seen);
    const parts: number[][] = [];
    for (let at = step * size; at < end; at += batch) {
      const part = Array.from({ length: Math.min(batch, end - at) }, (_, i) => this.at(at + i));
      parts.push(part);
    }
    return parts;
  }

  /** Epochs that are over after so many steps. */
  epochsAfter(steps: number): number {
    const { batch, accumulate } = this.settings;
    return Math.min(steps * batch * accumulate, this.seen) / this.lists;
  }

  private at(position: number): number {
    const epoch = Math.floor(position / this.lists);
    let shuffle = this.shuffles.get(epoch);
    if (!shuffle) {
      this.shuffles.delete(epoch - 2);
      shuffle = shuffled(this.lists, this.settings.seed * SEED_STRIDE + epoch);
      this.shuffles.set(epoch, shuffle);
    }
    return shuffle[position % this.lists]!;
  }
}

/** 0 … size − 1 in an order that the seed decides (Fisher and Yates). */
export function shuffled(size: number, seed: number): Uint32Array {
  const random = seededRandom(seed);
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/**
 * The learning rate of a step (from 0): linear warm-up from 1/warmup of it, then constant, or falling
 * linearly so that it would be 0 at the step after the last.
 */
export function rateAt(
  step: number,
  steps: number,
  { learningRate, schedule, warmup }: RateSettings,
): number {
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  if (schedule === 'constant') return learningRate;
  return (learningRate * (steps - step)) / Math.max(1, steps - warmup);
}
