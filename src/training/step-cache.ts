/** Compiled runs by shape; those that are asked for least are released when they hold too much. */
import type { TrainingShape } from '../t5/training-graph.ts';
import { ChunkStep, type SharedConstants } from './chunk-step.ts';
import type { TrainableModel } from './trainable-model.ts';

/** Most bytes of what is kept: some 20 sizes of FLAN-T5-small, forward and backward, 50 of a small model. */
export const KEPT_BYTES = 384e6;
/** What a session takes for each node of its graph: measured 5.6 kB, forward as backward. */
export const NODE_BYTES = 6000;

export class StepCache {
  /** Graphs compiled so far. */
  compiled = 0;
  private readonly model: TrainableModel;
  private readonly keptBytes: number;
  private readonly constants: SharedConstants = new Map();
  private readonly steps = new Map<string, ChunkStep>();
  /** How often each shape was asked for, released ones too. */
  private readonly uses = new Map<string, number>();
  private bytes = 0;

  constructor(model: TrainableModel, keptBytes = KEPT_BYTES) {
    this.model = model;
    this.keptBytes = keptBytes;
  }

  async get(shape: TrainingShape, withGradients: boolean): Promise<ChunkStep> {
    const key = JSON.stringify([shape, withGradients]);
    this.uses.set(key, this.usesOf(key) + 1);
    const known = this.steps.get(key);
    if (known) return known;
    const step = await ChunkStep.open(this.model, shape, withGradients, this.constants);
    this.compiled++;
    this.bytes += NODE_BYTES * step.nodes;
    while (this.bytes > this.keptBytes && this.steps.size > 0) await this.dropRarest();
    this.steps.set(key, step);
    return step;
  }

  async release(): Promise<void> {
    for (const key of this.steps.keys()) await this.drop(key);
    this.constants.clear();
  }

  private readonly usesOf = (key: string) => this.uses.get(key) ?? 0;

  /** By use and not by age: a batch asks for all its sizes in turn, and the oldest is the next. */
  private dropRarest(): Promise<void> {
    const keys = [...this.steps.keys()];
    return this.drop(keys.reduce((a, b) => (this.usesOf(b) < this.usesOf(a) ? b : a)));
  }

  private async drop(key: string): Promise<void> {
    const step = this.steps.get(key)!;
    this.steps.delete(key);
    this.bytes -= NODE_BYTES * step.nodes;
    await step.release();
  }
}
