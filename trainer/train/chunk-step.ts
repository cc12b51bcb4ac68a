/** A compiled run of one chunk: scores alone, or scores with gradients that are added to what is there. */
import * as ort from 'onnxruntime-node';
import { sumGradients, sumInput } from '../../src/t5/summed-gradients.ts';
import {
  TRAINING_IO,
  type TrainingGraph,
  type TrainingShape,
  trainingGraph,
} from '../../src/t5/training-graph.ts';
import { openGraph } from '../engine/session.ts';
import { addAt, type StepBatch } from '../engine/step.ts';
import type { TrainableModel } from '../training/model.ts';

export class ChunkStep {
  /** Bytes of constants that the session keeps. */
  readonly bytes: number;
  private readonly model: TrainableModel;
  private readonly shape: TrainingShape;
  private readonly built: TrainingGraph;
  private readonly session: ort.InferenceSession;
  /** Sums of gradients: read and written in one place, the model's own array. */
  private readonly sums: Readonly<Record<string, ort.Tensor>>;
  private readonly totals: Readonly<Record<string, ort.Tensor | null>>;

  private constructor(
    model: TrainableModel,
    shape: TrainingShape,
    built: TrainingGraph,
    session: ort.InferenceSession,
  ) {
    this.model = model;
    this.shape = shape;
    this.built = built;
    this.session = session;
    this.bytes = [...built.graph.constants.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    built.graph.constants.clear();
    const sums: Record<string, ort.Tensor> = {};
    const totals: Record<string, ort.Tensor | null> = {};
    for (const gradient of built.gradients) {
      totals[gradient.output] = null;
      if ('ids' in gradient) continue;
      const { dims } = model.parameters.get(gradient.parameter);
      const view = model.parameters.view(gradient.parameter, model.grads);
      const tensor = new ort.Tensor('float32', view, dims);
      sums[sumInput(gradient.parameter)] = tensor;
      totals[gradient.output] = tensor;
    }
    this.sums = sums;
    this.totals = totals;
  }

  static async open(model: TrainableModel, shape: TrainingShape, withGradients: boolean): Promise<ChunkStep> {
    const plain = trainingGraph(model.config, shape, withGradients);
    const built = sumGradients(plain);
    // Many shapes are kept: one that does not run must hold no memory.
    const session = await openGraph(built.graph, { ...model.engine, arena: false });
    return new ChunkStep(model, shape, built, session);
  }

  /**
   * @param batch without `target` where there are no gradients
   * @returns scores of all rows; the gradients of target's loss have been added to `model.grads`
   */
  async run({ ids, mask, target }: Omit<StepBatch, 'target'> & Partial<StepBatch>): Promise<Float32Array> {
    const { rows, length } = this.shape;
    const { targetDims, gradients } = this.built;
    const size = targetDims.reduce((product, dim) => product * dim, 1);
    const outputs = await this.session.run(
      {
        ...this.model.tensors,
        ...this.sums,
        [TRAINING_IO.ids]: new ort.Tensor('int32', ids, [rows, length]),
        [TRAINING_IO.mask]: new ort.Tensor('int32', mask, [rows, length]),
        [TRAINING_IO.target]: new ort.Tensor('float32', target ?? new Float32Array(size), targetDims),
      },
      { [TRAINING_IO.scores]: null, ...this.totals },
    );
    const { parameters, grads } = this.model;
    for (const gradient of gradients) {
      if (!('ids' in gradient)) continue;
      // Row by row in the order of the batch: the same sums every time.
      const rowsOf = outputs[gradient.output]!.data as Float32Array;
      const at = gradient.ids === 'input_ids' ? ids : gradient.ids;
      addAt(parameters.view(gradient.parameter, grads), at, rowsOf);
    }
    return outputs[TRAINING_IO.scores]!.data as Float32Array;
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
