/** Compiled runs by shape, the least recently used released when they hold too much. */
import type { TrainingShape } from '../../src/t5/training-graph.ts';
import type { TrainableModel } from '../training/model.ts';
import { ChunkStep } from './chunk-step.ts';

/**
 * Most bytes of what is kept, graphs and constants: room for all shapes of prompts of up to 256 tokens,
 * so that an epoch compiles each once.
 */
export const KEPT_BYTES = 256e6;
/** What a session takes besides its constants. */
export const SESSION_BYTES = 4e6;

export class StepCache {
  private readonly model: TrainableModel;
  /** In the order of use, the last used last. */
  private readonly steps = new Map<string, ChunkStep>();
  private bytes = 0;
  /** Graphs compiled so far. */
  compiled = 0;

  constructor(model: TrainableModel) {
    this.model = model;
  }

  async get(shape: TrainingShape, withGradients: boolean): Promise<ChunkStep> {
    const key = JSON.stringify([shape, withGradients]);
    const known = this.steps.get(key);
    const step = known ?? (await ChunkStep.open(this.model, shape, withGradients));
    this.steps.delete(key);
    this.steps.set(key, step);
    if (known) return step;
    this.compiled++;
    this.bytes += step.bytes + SESSION_BYTES;
    for (const [oldest, other] of this.steps) {
      if (this.bytes <= KEPT_BYTES || other === step) break;
      await this.drop(oldest, other);
    }
    return step;
  }

  async release(): Promise<void> {
    for (const [key, step] of this.steps) await this.drop(key, step);
  }

  private async drop(key: string, step: ChunkStep): Promise<void> {
    this.steps.delete(key);
    this.bytes -= step.bytes + SESSION_BYTES;
    await step.release();
  }
}
