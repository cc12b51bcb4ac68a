/** Runs training graphs over shared parameters and gathers their gradients in one array. */
import type { Runtime, RuntimeSession, RuntimeTensor } from '../inference/runtime.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { T5Config } from '../t5/config.ts';
import { TRAINING_IO, type TrainingGraph, type TrainingShape, trainingGraph } from '../t5/training-graph.ts';
import type { Parameters } from './parameters.ts';

export interface StepBatch {
  /** [rows × length], 0 = padding on the right. */
  readonly ids: Int32Array;
  readonly mask: Int32Array;
  readonly target: Float32Array;
}

export interface StepResult {
  readonly loss: number;
  readonly scores: Float32Array;
}

/** One shape of step, compiled. */
export class TrainingStep {
  private readonly fetches: Record<string, RuntimeTensor> = {};
  private readonly direct: Set<string>;
  private constructor(
    readonly shape: TrainingShape,
    private readonly built: TrainingGraph,
    private readonly session: RuntimeSession,
    private readonly weights: Record<string, RuntimeTensor>,
    private readonly parameters: Parameters,
    private readonly grads: Float32Array,
    private readonly runtime: Runtime,
  ) {
    // Dense gradients are written by the runtime straight into their place.
    this.direct = new Set<string>();
    for (const gradient of built.gradients) {
      if ('ids' in gradient) continue;
      const view = parameters.view(gradient.parameter, grads);
      this.fetches[gradient.output] = runtime.tensor(
        'float32',
        view,
        parameters.get(gradient.parameter).dims,
      );
      this.direct.add(gradient.output);
    }
  }

  static async open(
    config: T5Config,
    shape: TrainingShape,
    parameters: Parameters,
    weights: Record<string, RuntimeTensor>,
    grads: Float32Array,
    runtime: Runtime,
  ): Promise<TrainingStep> {
    const built = trainingGraph(config, shape);
    const session = await runtime.createSession(encodeModel(built.graph));
    return new TrainingStep(shape, built, session, weights, parameters, grads, runtime);
  }

  /** Computes loss and scores, and overwrites the gradient array with this batch's gradient. */
  async run(batch: StepBatch): Promise<StepResult> {
    const { runtime } = this;
    const { rows, length } = this.shape;
    const feeds = {
      ...this.weights,
      [TRAINING_IO.ids]: runtime.tensor('int32', batch.ids, [rows, length]),
      [TRAINING_IO.mask]: runtime.tensor('int32', batch.mask, [rows, length]),
      [TRAINING_IO.target]: runtime.tensor('float32', batch.target, this.built.targetDims),
    };
    const fetches: Record<string, RuntimeTensor | null> = {
      [TRAINING_IO.loss]: null,
      [TRAINING_IO.scores]: null,
      ...this.fetches,
    };
    for (const { output } of this.built.gradients) if (!this.direct.has(output)) fetches[output] = null;
    const outputs = await this.session.run(feeds, fetches);
    this.addRows(batch, outputs);
    return {
      loss: Number((outputs[TRAINING_IO.loss]!.data as Float32Array)[0]),
      scores: outputs[TRAINING_IO.scores]!.data as Float32Array,
    };
  }

  /** Embedding gradients, row by row in the order of the batch: the same sums every time. */
  private addRows(batch: StepBatch, outputs: Readonly<Record<string, RuntimeTensor>>): void {
    const cleared = new Set<string>();
    for (const gradient of this.built.gradients) {
      if (!('ids' in gradient)) continue;
      const into = this.parameters.view(gradient.parameter, this.grads);
      if (!cleared.has(gradient.parameter)) into.fill(0);
      cleared.add(gradient.parameter);
      const rows = outputs[gradient.output]!.data as Float32Array;
      addAt(into, gradient.ids === 'input_ids' ? batch.ids : gradient.ids, rows);
    }
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** into[ids[r]] += rows[r], both with rows of the same width. */
export function addAt(into: Float32Array, ids: ArrayLike<number>, rows: Float32Array): void {
  const width = rows.length / ids.length;
  for (let r = 0; r < ids.length; r++) {
    const to = ids[r]! * width;
    const from = r * width;
    for (let d = 0; d < width; d++) into[to + d] = into[to + d]! + rows[from + d]!;
  }
}
