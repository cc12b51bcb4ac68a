/** Memory that opening a model takes, counted before it is read: the system ends a process that takes too much, wordlessly. */
import { availableMemory, refuseWhatCannotFit } from '../node/machine.ts';

/** Node, its compiler and onnxruntime before anything is loaded. */
const PROCESS = 320 * 2 ** 20;
/** The scorer's file, and what onnxruntime makes of it while it opens it. */
const COPIES = 3;
/** Beside them the weights as fp32, and the parts that a scorer is made of. */
const COPIES_WHEN_MADE = 5;

/** @param fileBytes of the files that hold the scorer */
export const openingBytes = (fileBytes: number): number => PROCESS + COPIES * fileBytes;

/** Of an fp32 scorer that is made from weights of so many bytes; as bf16 they grow to twice that. */
export const makingBytes = (weightBytes: number): number => PROCESS + COPIES_WHEN_MADE * 2 * weightBytes;

/** @throws RankscopeError 'device' that says what is needed, what there is and what to do */
export function refuseOpening(model: string, memoryBytes: number): void {
  const free = { memoryBytes: availableMemory() + process.memoryUsage().rss, diskBytes: 0 };
  const advice = 'Choose a smaller model or --dtype int8, or a machine with more memory.';
  refuseWhatCannotFit(`Opening ${model}`, { memoryBytes, diskBytes: 0 }, free, '', advice);
}
