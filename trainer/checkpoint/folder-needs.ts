/** What making a checkpoint folder needs of memory and disk. */
import { RankscopeError } from '../../src/errors.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { ModelPlan } from '../../src/weights/plan-model.ts';
import { bytesText } from '../node/machine.ts';

/** Bytes of a scorer for each weight: int8 with a scale a row, blocks of 32 with an fp32 scale each. */
const SCORER_BYTES: Readonly<Record<Dtype, number>> = { fp32: 4, int8: 1.01, q8: 1.125, q4: 0.625 };
/** protobuf's limit, and so that of an ONNX file. */
const LARGEST_SCORER = 2 ** 31 - 1;
/** Node, its compiler and onnxruntime before anything is loaded. */
const PROCESS = 320 * 2 ** 20;
/** While a scorer is made its parts and the file made of them are both in memory. */
const COPIES_WHILE_BUILDING = 2;
/** While scores are compared: the fp32 scorer's file, and what onnxruntime makes of it while it opens it. */
const COPIES_WHILE_MEASURING = 3;

export interface Needs {
  /** The most memory at a time, for the conversion and for comparing scores with fp32. */
  readonly convertBytes: number;
  readonly measureBytes: number;
  readonly diskBytes: number;
  /** A scorer of fp32, with which the others are compared, can be made at all. */
  readonly measurable: boolean;
}

/** @throws RankscopeError 'bad-input' for a dtype whose file would exceed the format's 2 GiB. */
export function needsOf(plan: ModelPlan, dtypes: readonly Dtype[], weightBytes: 2 | 4): Needs {
  const scorer = (dtype: Dtype) => Math.ceil(plan.size * SCORER_BYTES[dtype]) + 2 ** 20;
  for (const dtype of dtypes) {
    if (scorer(dtype) <= LARGEST_SCORER) continue;
    const fitting = (Object.keys(SCORER_BYTES) as Dtype[]).filter((other) => scorer(other) <= LARGEST_SCORER);
    const advice = fitting.length > 0 ? `Choose --dtypes ${fitting.join(',')}` : 'Choose a smaller model';
    throw new RankscopeError(
      'bad-input',
      `The scorer as ${dtype} would take ${bytesText(scorer(dtype))}; an ONNX file holds at most 2 GiB. ${advice}.`,
    );
  }
  const largest = Math.max(...dtypes.map(scorer));
  return {
    convertBytes: PROCESS + plan.bytes + Math.max(plan.scratch, COPIES_WHILE_BUILDING * largest),
    measureBytes: PROCESS + plan.bytes + COPIES_WHILE_MEASURING * scorer('fp32'),
    diskBytes: weightBytes * plan.size + dtypes.reduce((sum, dtype) => sum + scorer(dtype), 0) + 8 * 2 ** 20,
    measurable: scorer('fp32') <= LARGEST_SCORER,
  };
}

/** What would need less memory. */
export const SMALLER = 'Leave out the larger dtypes (fp32 takes most), or use a machine with more memory.';
