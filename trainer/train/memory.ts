/**
 * The memory of a training, counted before it starts: arrays from the model's shape, the rest from the
 * graph of its largest chunk. Chunks of other sizes need no more, and one runs at a time.
 */
import { sizeOf } from '../../src/onnx/tensor.ts';
import type { T5Config } from '../../src/t5/config.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import { sumGradients } from '../../src/t5/summed-gradients.ts';
import { type TrainingShape, trainingGraph } from '../../src/t5/training-graph.ts';
import { mostRows, paddedLength } from '../../src/training/chunks.ts';
import { KEPT_BYTES, NODE_BYTES } from '../../src/training/step-cache.ts';
import { graphMemory } from '../engine/memory.ts';

export interface TrainingSize {
  /** Tokens of one run of the model, padding included. */
  readonly chunkTokens: number;
  /** Tokens of the longest prompt. */
  readonly longest: number;
  /** Start token and the decoder's prefix; default 1. */
  readonly decoderTokens?: number;
  /** Share of values that is dropped; default 0. */
  readonly dropout?: number;
  /** Bytes of the lists and whatever else the caller keeps; default 0. */
  readonly dataBytes?: number;
}

/** Node, onnxruntime, the trainer's own code and its garbage. */
const PROCESS_BYTES = 250e6;
/** Freed memory that malloc could not give back or use again, as a share of a run's: measured up to 0.73. */
const FRAGMENTS = 0.8;
/** Rows of a graph that is counted; what larger chunks take follows from it. */
const COUNTED_ROWS = 512;
/** Sizes of chunks that prompts of a length make in practice: rows are powers of two. */
const HEIGHTS = 4;

/** Most bytes of the process while it trains. */
export function trainingBytes(config: T5Config, size: TrainingSize): number {
  const { dataBytes = 0 } = size;
  const chunk = (1 + FRAGMENTS) * chunkBytes(config, size);
  return PROCESS_BYTES + arrayBytes(config) + chunk + keptBytes(config, size) + dataBytes;
}

/** Weights, gradients and AdamW's two moments, all of them float32. */
export function arrayBytes(config: T5Config): number {
  const sizes = [...parameterShapes(config).values()].map(sizeOf);
  return 4 * Float32Array.BYTES_PER_ELEMENT * sizes.reduce((sum, size) => sum + size, 0);
}

/** What the largest chunk holds at most while it runs forward and backward. */
export function chunkBytes(config: T5Config, size: TrainingSize): number {
  const length = paddedLength(size.longest);
  const all = mostRows(length, size.chunkTokens);
  // What grows grows with the rows: a graph of many more would itself take the memory that it asks about.
  const rows = Math.min(all, COUNTED_ROWS);
  const built = sumGradients(trainingGraph(config, shapeOf(size, rows, length)));
  const { graph, gradients, dropoutSites } = built;
  const given = gradients.filter((gradient) => !('ids' in gradient)).map(({ output }) => output);
  // Shorter prompts may fill a chunk better, but never beyond its tokens.
  const fill = Math.max(1, size.chunkTokens / (all * length));
  const masks = dropoutSites.reduce((sum, { dims }) => sum + sizeOf(dims), 0);
  return fill * (all / rows) * (masks + graphMemory(graph, new Set(given)).peak);
}

/** Sessions of all sizes that the lists can have, as far as they are kept, and what these share. */
function keptBytes(config: T5Config, size: TrainingSize): number {
  const lengths = new Set(Array.from({ length: size.longest + 1 }, (_, tokens) => paddedLength(tokens)));
  // One-hot position buckets: of every pair of positions.
  const shared = [...lengths].reduce((sum, length) => sum + 4 * config.buckets * length ** 2, 0);
  const nodes = [true, false].map((withGradients) => {
    const [length] = lengths;
    return sumGradients(trainingGraph(config, shapeOf(size, 1, length!), withGradients)).graph.nodes.length;
  });
  // Validation drops nothing, so its runs have graphs of their own where training drops.
  const forward = (size.dropout ? 2 : 1) * nodes[1]!;
  const sessions = NODE_BYTES * (nodes[0]! + forward) * HEIGHTS * lengths.size;
  // One more while it is compiled.
  return shared + Math.min(KEPT_BYTES, sessions) + 2 * NODE_BYTES * nodes[0]!;
}

const shapeOf = (
  { decoderTokens = 1, dropout = 0 }: TrainingSize,
  rows: number,
  length: number,
): TrainingShape => ({
  dropout,
  rows,
  length,
  loss: 'linear',
  listSize: 1,
  decoderIds: new Array<number>(decoderTokens).fill(0),
  labelIds: [0],
  labelWeights: [1],
});
