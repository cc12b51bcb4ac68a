/** Memory that opening a model takes, counted before it is read: the system ends a process that takes too much, wordlessly. */
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { scorerFileBytes } from '../../src/checkpoint/scorer-files.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { availableMemory, refuseWhatCannotFit } from '../node/machine.ts';

/** Node, its compiler and onnxruntime before anything is loaded. */
const PROCESS = 320 * 2 ** 20;
/** The scorer's file, and what onnxruntime makes of it while it opens it. */
const COPIES = 3;
/** Beside them the weights as fp32, and the parts that a scorer is made of. */
const COPIES_WHEN_MADE = 5;

/** @param dtype of a scorer that the card lists */
export function openingBytes(card: RankerCard, dtype: Dtype): number {
  return PROCESS + COPIES * scorerFileBytes(card, dtype);
}

/** Of an fp32 scorer that is made from weights of so many bytes; as bf16 they grow to twice that. */
export const makingBytes = (weightBytes: number): number => PROCESS + COPIES_WHEN_MADE * 2 * weightBytes;

/** @throws RankscopeError 'device' that says what is needed, what there is and what to do */
export function refuseOpening(model: string, memoryBytes: number): void {
  const free = { memoryBytes: availableMemory() + process.memoryUsage().rss, diskBytes: 0 };
  const advice = 'Choose a smaller model or --dtype int8, or a machine with more memory.';
  refuseWhatCannotFit(`Opening ${model}`, { memoryBytes, diskBytes: 0 }, free, '', advice);
}
