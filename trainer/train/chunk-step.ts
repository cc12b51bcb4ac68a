/** A compiled run of one chunk: scores alone, or scores with gradients that are added to what is there. */
import * as ort from 'onnxruntime-node';
import type { Graph } from '../../src/onnx/graph.ts';
import type { DropoutSite } from '../../src/t5/dropout.ts';
import { sumGradients, sumInput } from '../../src/t5/summed-gradients.ts';
import {
  TRAINING_IO,
  type TrainingGraph,
  type TrainingShape,
  trainingGraph,
} from '../../src/t5/training-graph.ts';
import { openGraph } from '../engine/session.ts';
import { addAt, type StepBatch } from '../engine/step.ts';
import type { TrainableModel } from '../engine/trainable-model.ts';

/** Large constants by name, for all graphs of a model: what has the same name is the same. */
export type SharedConstants = Map<string, ort.Tensor>;

/** Elements from which a constant is fed rather than copied into every session. */
const LARGE = 1 << 12;

export class ChunkStep {
  /** Of its graph. */
  readonly nodes: number;
  private readonly model: TrainableModel;
  private readonly shape: TrainingShape;
  /** Without the graph: it would take as much memory as the session. */
  private readonly built: Omit<TrainingGraph, 'graph'>;
  private readonly session: ort.InferenceSession;
  private readonly constants: Readonly<Record<string, ort.Tensor>>;
  /** Sums of gradients: read and written in one place, the model's own array. */
  private readonly sums: Readonly<Record<string, ort.Tensor>>;
  private readonly totals: Readonly<Record<string, ort.Tensor | null>>;

  private constructor(
    model: TrainableModel,
    shape: TrainingShape,
    { graph, ...built }: TrainingGraph,
    session: ort.InferenceSession,
    constants: Readonly<Record<string, ort.Tensor>>,
  ) {
    this.model = model;
    this.shape = shape;
    this.built = built;
    this.nodes = graph.nodes.length;
    this.session = session;
    this.constants = constants;
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

  static async open(
    model: TrainableModel,
    shape: TrainingShape,
    withGradients: boolean,
    shared: SharedConstants = new Map(),
  ): Promise<ChunkStep> {
    const built = sumGradients(trainingGraph(model.config, shape, withGradients));
    const constants = feedLarge(built.graph, shared);
    // Many shapes are kept: one that does not run must hold no memory.
    const session = await openGraph(built.graph, { ...model.engine, arena: false });
    return new ChunkStep(model, shape, built, session, constants);
  }

  /**
   * @param batch without `target` where there are no gradients
   * @param masks what is kept at each site, where the shape has dropout
   * @returns scores of all rows; the gradients of target's loss have been added to `model.grads`
   */
  async run(
    { ids, mask, target }: Omit<StepBatch, 'target'> & Partial<StepBatch>,
    masks?: (sites: readonly DropoutSite[]) => Readonly<Record<string, ort.Tensor>>,
  ): Promise<Float32Array> {
    const { rows, length } = this.shape;
    const { targetDims, gradients, dropoutSites } = this.built;
    const size = targetDims.reduce((product, dim) => product * dim, 1);
    const outputs = await this.session.run(
      {
        ...this.model.tensors,
        ...this.sums,
        ...this.constants,
        ...masks?.(dropoutSites),
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

/** Makes inputs of a graph's large constants (the one-hot position buckets of a length). @returns their feeds */
function feedLarge(graph: Graph, shared: SharedConstants): Record<string, ort.Tensor> {
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, { dtype, dims, data }] of graph.constants) {
    if (dtype !== 'float32' || data.length < LARGE) continue;
    const tensor = shared.get(name) ?? new ort.Tensor('float32', data as Float32Array, dims);
    shared.set(name, tensor);
    feeds[name] = tensor;
    graph.constants.delete(name);
    graph.inputs.push({ name, dtype, dims });
  }
  return feeds;
}
