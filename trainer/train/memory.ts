/**
 * The memory of a training, counted before it starts: arrays from the model's shape, the rest from the
 * graph of its largest chunk. Chunks of other sizes need no more, and one runs at a time.
 */
import type { T5Config } from '../../src/t5/config.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import { sumGradients } from '../../src/t5/summed-gradients.ts';
import { type TrainingShape, trainingGraph } from '../../src/t5/training-graph.ts';
import { graphMemory } from '../engine/memory.ts';
import { LENGTH_STEP, mostRows, paddedLength } from './chunks.ts';
import { KEPT_BYTES, SESSION_BYTES } from './step-cache.ts';

export interface TrainingSize {
  /** Tokens of one run of the model, padding included. */
  readonly chunkTokens: number;
  /** Tokens of the longest prompt. */
  readonly longest: number;
  /** Start token and the decoder's prefix; default 1. */
  readonly decoderTokens?: number;
  /** Bytes of the lists and whatever else the caller keeps; default 0. */
  readonly dataBytes?: number;
}

/** Node, onnxruntime, the trainer's own code and its garbage. */
const PROCESS_BYTES = 300e6;
/** Freed memory that malloc could not give back or use again, as a share of a run's: measured up to 0.47. */
const FRAGMENTS = 0.5;

/** Most bytes of the process while it trains. */
export function trainingBytes(config: T5Config, size: TrainingSize): number {
  const { dataBytes = 0 } = size;
  return (
    PROCESS_BYTES +
    arrayBytes(config) +
    (1 + FRAGMENTS) * chunkBytes(config, size) +
    keptBytes(config, size) +
    dataBytes
  );
}

/** Weights, gradients and AdamW's two moments, all of them float32. */
export function arrayBytes(config: T5Config): number {
  let parameters = 0;
  for (const dims of parameterShapes(config).values())
    parameters += dims.reduce((product, dim) => product * dim, 1);
  return 4 * Float32Array.BYTES_PER_ELEMENT * parameters;
}

/** What the largest chunk holds at most while it runs forward and backward. */
export function chunkBytes(
  config: T5Config,
  { chunkTokens, longest, decoderTokens = 1 }: TrainingSize,
): number {
  const length = paddedLength(longest);
  const rows = mostRows(length, chunkTokens);
  const shape: TrainingShape = {
    ...{ rows, length, loss: 'linear', listSize: 1 },
    decoderIds: new Array<number>(decoderTokens).fill(0),
    labelIds: [0],
    labelWeights: [1],
  };
  const { graph, gradients } = sumGradients(trainingGraph(config, shape));
  const given = gradients.filter((gradient) => !('ids' in gradient)).map(({ output }) => output);
  // Rows of shorter prompts fill a chunk better: none has more tokens than it may.
  const fill = Math.max(1, chunkTokens / (rows * length));
  return fill * graphMemory(graph, new Set(given)).peak;
}

/** Graphs of all sizes that the lists can have, forward and backward, as far as they are kept. */
function keptBytes({ buckets }: T5Config, { longest }: TrainingSize): number {
  let bytes = 0;
  let largest = 0;
  for (let length = LENGTH_STEP; length <= paddedLength(longest); length += LENGTH_STEP) {
    // The relative position bias: one-hot buckets of every pair of positions.
    largest = SESSION_BYTES + 4 * buckets * length ** 2;
    bytes += 2 * largest;
  }
  // A graph is a file in memory, and then a session, while it is compiled.
  return Math.min(KEPT_BYTES, bytes) + 3 * largest;
}
