/** What making a checkpoint folder needs of memory and disk. */
import { conversionBytes } from '../../src/checkpoint/build/memory-plan.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { scorerBytes } from '../../src/t5/stream-scorer.ts';
import type { ModelPlan } from '../../src/weights/plan-model.ts';

/** Node, its compiler and onnxruntime before anything is loaded, and what its collector has not freed yet. */
const PROCESS = 256 * 2 ** 20;
/** While scores are compared: the fp32 scorer, and what onnxruntime packs of it. */
const COPIES_WHILE_MEASURING = 1.5;

export interface Needs {
  /** The most memory at a time, for the conversion and for comparing scores with fp32. */
  readonly convertBytes: number;
  readonly measureBytes: number;
  readonly diskBytes: number;
  /** More while scores are compared: the fp32 scorer's weights. */
  readonly scratchBytes: number;
}

/** @param weightBytes of a number in model.safetensors */
export function needsOf(
  { config, scratch, size }: Pick<ModelPlan, 'config' | 'scratch' | 'size'>,
  dtypes: readonly Dtype[],
  weightBytes: 2 | 4,
): Needs {
  const fp32 = scorerBytes(config, 'fp32');
  const scorers = dtypes.reduce((sum, dtype) => sum + scorerBytes(config, dtype).total, 0);
  return {
    convertBytes: PROCESS + scratch + conversionBytes(config, dtypes),
    measureBytes: PROCESS + scratch + COPIES_WHILE_MEASURING * fp32.total,
    diskBytes: weightBytes * size + scorers + 8 * 2 ** 20,
    scratchBytes: fp32.external,
  };
}

/** What would need less memory. */
export const SMALLER = 'Leave out the comparison (--skip-measure), or use a machine with more memory.';
