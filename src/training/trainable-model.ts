/** A model in training: configuration, parameters, gradients, optimiser, compiled steps. */
import type { Runtime } from '../inference/runtime.ts';
import { float32 } from '../onnx/tensor.ts';
import type { T5Config } from '../t5/config.ts';
import { parameterShapes } from '../t5/names.ts';
import type { TrainingShape } from '../t5/training-graph.ts';
import type { T5Model } from '../t5/weights.ts';
import { type Optimizer, plainOptimizer } from './adamw.ts';
import { Parameters } from './parameters.ts';
import { TrainingStep } from './training-step.ts';

/** What a model is trained on. */
export interface TrainingEngine {
  readonly runtime: Runtime;
  /** Makes the optimiser for so many parameters; absent: plain JavaScript on this thread. */
  readonly optimizer?: (size: number) => Optimizer;
}

export class TrainableModel {
  readonly config: T5Config;
  readonly parameters: Parameters;
  readonly grads: Float32Array;
  readonly adam: Optimizer;
  readonly runtime: Runtime;
  /** Over the live parameters: what every session is fed. */
  readonly tensors: ReturnType<Parameters['tensors']>;
  private readonly steps = new Map<string, Promise<TrainingStep>>();

  constructor(
    config: T5Config,
    weights: ReadonlyMap<string, ArrayLike<number>>,
    { runtime, optimizer = plainOptimizer }: TrainingEngine,
  ) {
    this.config = config;
    this.runtime = runtime;
    this.parameters = new Parameters(parameterShapes(config));
    this.grads = new Float32Array(this.parameters.values.length);
    this.adam = optimizer(this.parameters.values.length);
    this.tensors = this.parameters.tensors(runtime);
    for (const { name } of this.parameters.list) this.parameters.view(name).set(weights.get(name)!);
  }

  /** The compiled step of a shape; compiled once. */
  step(shape: TrainingShape): Promise<TrainingStep> {
    const key = JSON.stringify(shape);
    let step = this.steps.get(key);
    if (!step) {
      step = TrainingStep.open(this.config, shape, this.parameters, this.tensors, this.grads, this.runtime);
      this.steps.set(key, step);
    }
    return step;
  }

  /** The weights as they are now, for inference: a copy. */
  snapshot(): T5Model {
    const weights = new Map(
      this.parameters.list.map(({ name, dims }) => [name, float32(dims, this.parameters.view(name).slice())]),
    );
    return { config: this.config, weights };
  }

  async release(): Promise<void> {
    for (const step of this.steps.values()) await (await step).release();
    this.steps.clear();
  }
}
