/** A model in training: configuration, parameters, gradients, optimiser state, compiled steps. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { float32 } from '../../src/onnx/tensor.ts';
import { type T5Config, writeT5Config } from '../../src/t5/config.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import { readSafetensors, writeSafetensors } from '../../src/t5/safetensors.ts';
import type { TrainingShape } from '../../src/t5/training-graph.ts';
import { makeT5, type T5Model } from '../../src/t5/weights.ts';
import { type AdamWState, adamWState } from './adamw.ts';
import { Parameters } from './parameters.ts';
import type { EngineOptions } from './session.ts';
import { writeWhole } from './state.ts';
import { TrainingStep } from './step.ts';

export class TrainableModel {
  readonly config: T5Config;
  readonly parameters: Parameters;
  readonly grads: Float32Array;
  readonly adam: AdamWState;
  readonly engine: EngineOptions;
  /** Over the live parameters: what every session is fed. */
  readonly tensors: ReturnType<Parameters['tensors']>;
  private readonly steps = new Map<string, Promise<TrainingStep>>();

  constructor(config: T5Config, weights: ReadonlyMap<string, ArrayLike<number>>, engine: EngineOptions) {
    this.config = config;
    this.engine = engine;
    this.parameters = new Parameters(parameterShapes(config));
    this.grads = new Float32Array(this.parameters.values.length);
    this.adam = adamWState(this.parameters.values.length, engine.threads);
    this.tensors = this.parameters.tensors();
    for (const { name } of this.parameters.list) this.parameters.view(name).set(weights.get(name)!);
  }

  /** The compiled step of a shape; compiled once. */
  step(shape: TrainingShape): Promise<TrainingStep> {
    const key = JSON.stringify(shape);
    let step = this.steps.get(key);
    if (!step) {
      step = TrainingStep.open(this.config, shape, this.parameters, this.tensors, this.grads, this.engine);
      this.steps.set(key, step);
    }
    return step;
  }

  /** The weights as they are now, for inference. Views: they change with training. */
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

/** Writes config.json and fp32 model.safetensors; the weights last, so that a folder with them is whole. */
export function saveModel(folder: string, model: T5Model): void {
  writeWhole(join(folder, 'config.json'), JSON.stringify(writeT5Config(model.config), null, 2));
  writeWhole(join(folder, 'model.safetensors'), writeSafetensors(model.weights));
}

export function hasModel(folder: string): boolean {
  return existsSync(join(folder, 'model.safetensors'));
}

export function loadModel(folder: string): T5Model {
  const path = join(folder, 'model.safetensors');
  const tensors = readSafetensors(readFileSync(path), path);
  return makeT5(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')), tensors, `${folder}/`);
}
