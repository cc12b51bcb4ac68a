/** A model in training on this machine: onnxruntime-node and a crew of threads for AdamW. */
import type { T5Config } from '../../src/t5/config.ts';
import { TrainableModel } from '../../src/training/trainable-model.ts';
import { nodeRuntime } from '../node/runtime.ts';
import { crewOptimizer } from './crew-optimizer.ts';

export interface EngineOptions {
  /** Always set: the default takes every core, whatever else runs there. */
  readonly threads: number;
}

export function openTrainable(
  config: T5Config,
  weights: ReadonlyMap<string, ArrayLike<number>>,
  { threads }: EngineOptions,
): TrainableModel {
  const optimizer = (size: number) => crewOptimizer(size, threads);
  return new TrainableModel(config, weights, { runtime: nodeRuntime(threads), optimizer });
}
