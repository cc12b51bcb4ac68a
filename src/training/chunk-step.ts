/** A compiled run of one chunk: scores alone, or scores with gradients that are added to what is there. */
import type { Runtime, RuntimeSession, RuntimeTensor } from '../inference/runtime.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { Graph } from '../onnx/graph.ts';
import type { DropoutSite } from '../t5/dropout.ts';
import { sumGradients, sumInput } from '../t5/summed-gradients.ts';
import { TRAINING_IO, type TrainingGraph, type TrainingShape, trainingGraph } from '../t5/training-graph.ts';
import type { TrainableModel } from './trainable-model.ts';
import { addAt, type StepBatch } from './training-step.ts';

/** Large constants by name, for all graphs of a model: what has the same name is the same. */
export type SharedConstants = Map<string, RuntimeTensor>;

/** Elements from which a constant is fed rather than copied into every session. */
const LARGE = 1 << 12;

export class ChunkStep {
  /** Of its graph. */
  readonly nodes: number;
  private readonly model: TrainableModel;
  private readonly shape: TrainingShape;
  /** Without the graph: it would take as much memory as the session. */
  private readonly built: Omit<TrainingGraph, 'graph'>;
  private readonly session: RuntimeSession;
  private readonly constants: Readonly<Record<string, RuntimeTensor>>;
  /** Sums of gradients: read and written in one place, the model's own array. */
  private readonly sums: Readonly<Record<string, RuntimeTensor>>;
  private readonly totals: Readonly<Record<string, RuntimeTensor | null>>;

  private constructor(
    model: TrainableModel,
    shape: TrainingShape,
    { graph, ...built }: TrainingGraph,
    session: RuntimeSession,
    constants: Readonly<Record<string, RuntimeTensor>>,
  ) {
    this.model = model;
    this.shape = shape;
    this.built = built;
    this.nodes = graph.nodes.length;
    this.session = session;
    this.constants = constants;
    const sums: Record<string, RuntimeTensor> = {};
    const totals: Record<string, RuntimeTensor | null> = {};
    for (const gradient of built.gradients) {
      totals[gradient.output] = null;
      if ('ids' in gradient) continue;
      const { dims } = model.parameters.get(gradient.parameter);
      const view = model.parameters.view(gradient.parameter, model.grads);
      const tensor = model.runtime.tensor('float32', view, dims);
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
    const constants = feedLarge(built.graph, shared, model.runtime);
    // Many shapes are kept: one that does not run must hold no memory.
    const session = await model.runtime.createSession(encodeModel(built.graph), { arena: false });
    return new ChunkStep(model, shape, built, session, constants);
  }

  /**
   * @param batch without `target` where there are no gradients
   * @param masks what is kept at each site, where the shape has dropout
   * @returns scores of all rows; the gradients of target's loss have been added to `model.grads`
   */
  async run(
    { ids, mask, target }: Omit<StepBatch, 'target'> & Partial<StepBatch>,
    masks?: (sites: readonly DropoutSite[]) => Readonly<Record<string, RuntimeTensor>>,
  ): Promise<Float32Array> {
    const { runtime } = this.model;
    const { rows, length } = this.shape;
    const { targetDims, gradients, dropoutSites } = this.built;
    const size = targetDims.reduce((product, dim) => product * dim, 1);
    const outputs = await this.session.run(
      {
        ...this.model.tensors,
        ...this.sums,
        ...this.constants,
        ...masks?.(dropoutSites),
        [TRAINING_IO.ids]: runtime.tensor('int32', ids, [rows, length]),
        [TRAINING_IO.mask]: runtime.tensor('int32', mask, [rows, length]),
        [TRAINING_IO.target]: runtime.tensor('float32', target ?? new Float32Array(size), targetDims),
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
function feedLarge(graph: Graph, shared: SharedConstants, runtime: Runtime): Record<string, RuntimeTensor> {
  const feeds: Record<string, RuntimeTensor> = {};
  for (const [name, { dtype, dims, data }] of graph.constants) {
    if (dtype !== 'float32' || data.length < LARGE) continue;
    const tensor = shared.get(name) ?? runtime.tensor('float32', data as Float32Array, dims);
    shared.set(name, tensor);
    feeds[name] = tensor;
    graph.constants.delete(name);
    graph.inputs.push({ name, dtype, dims });
  }
  return feeds;
}
