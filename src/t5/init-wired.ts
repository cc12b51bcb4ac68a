/**
 * A start for a small T5 that already compares words: trained from the usual random start, a model
 * of this size stays at chance. What is wired by hand (and then trained like everything else):
 *
 * - Embedding rows are word vectors; one dimension holds idf, a few are reserved.
 * - Encoder head 0 looks left and head 1 right for equal words (W_k = W_q over the word dimensions,
 *   position bias against the other side). Their values carry the found word's idf to a "found on
 *   the left" and a "found on the right" dimension. Head 2 finds the nearest marker on the left
 *   ("Query:", "Passage A:" …) and writes which segment a word stands in. Head 3 is local.
 * - The decoder's first head reads left − right over the query's words and writes it to the dimension
 *   along which the labels A and B, and Yes and No, are opposite.
 *
 * In "Passage A … Query … Passage B …" left is A and right is B; in "Passage … Query …" left is the
 * passage and nothing stands on the right: one readout serves both, unless Yes and No stand apart.
 */
import { RankscopeError } from '../errors.ts';
import type { T5Config } from './config.ts';
import { orthonormalRows, type Random, seededRandom } from './init-random.ts';
import * as name from './names.ts';

export interface WiredStart {
  readonly seed: number;
  /** [vocabulary × vectorSize] word vectors, rows of rms about 1. */
  readonly vectors: Float32Array;
  readonly vectorSize: number;
  /** Inverse document frequency per piece, any scale; it is standardised here. */
  readonly idf: ArrayLike<number>;
  /** How often each piece occurs in texts: weighs the standardisation. */
  readonly counts: ArrayLike<number>;
  /** Pieces that open a segment. */
  readonly markers: {
    readonly first: readonly number[];
    readonly second: readonly number[];
    readonly query: readonly number[];
  };
  /** Label pieces: positive = A, Yes; negative = B, No. */
  readonly labels: { readonly positive: readonly number[]; readonly negative: readonly number[] };
  /**
   * Labels along a dimension of their own, to which nothing is wired: a question whose answer is to be learnt apart from
   * what the wiring says. They are in none of `labels`.
   */
  readonly apart?: { readonly positive: readonly number[]; readonly negative: readonly number[] };
}

/** Size of standard deviations relative to Hugging Face's T5: quiet enough not to drown the wiring. */
const QUIET = 0.4;
/** Matching: logit of a word with itself is MATCH² · heads' width (about 10 at width 32). */
const MATCH = 0.55;
const RESERVED = 16;

/** Where things live in the residual stream, counted from the first reserved dimension. */
const place = {
  marker: 0, // 0, 1, 2: opens first passage, second passage, query
  left: 4,
  right: 5,
  segment: 6, // 6, 7, 8: inside first passage, second passage, query
  one: 9,
  answer: 10,
  apart: 11,
} as const;

type Weights = Map<string, Float32Array>;

/** Sets one element of a matrix [rows × columns] by row and column. */
type Setter = (row: number, column: number, value: number) => void;

/**
 * Weights for `config` under Hugging Face's names.
 * @throws RankscopeError 'bad-input' when the configuration has no room for the wiring.
 */
export function wiredStart(config: T5Config, start: WiredStart): Weights {
  const { dModel, numHeads, vocabSize, encoderLayers } = config;
  const words = dModel - RESERVED;
  if (numHeads < 4 || start.vectorSize + 1 > words || encoderLayers < 1) {
    throw new RankscopeError(
      'bad-input',
      `The wired start needs 4 heads and d_model of at least ${start.vectorSize + 1 + RESERVED}; ` +
        `the recipe has ${numHeads} heads and d_model ${dModel}.`,
    );
  }
  if (start.vectors.length !== vocabSize * start.vectorSize) {
    throw new RankscopeError(
      'bad-input',
      `Token vectors: expected ${vocabSize} × ${start.vectorSize} numbers, found ${start.vectors.length}.`,
    );
  }
  const random = seededRandom(start.seed);
  const weights: Weights = new Map();
  for (const [key, dims] of name.parameterShapes(config))
    weights.set(key, randomWeight(config, key, dims, random));
  embeddings(config, start, weights, words, random);
  encoderBias(config, weights);
  for (let block = 0; block < encoderLayers; block++)
    wireEncoder(config, weights, block, words, start, random);
  wireDecoder(config, weights, words, start.vectorSize);
  return weights;
}

function setter(config: T5Config, weights: Weights, key: string): Setter {
  const values = weights.get(key)!;
  const columns = name.parameterShapes(config).get(key)![1]!;
  return (row, column, value) => {
    values[row * columns + column] = value;
  };
}

/** Hugging Face's initial standard deviations, made quieter; nothing is written to reserved dimensions. */
function randomWeight(config: T5Config, key: string, dims: readonly number[], random: Random): Float32Array {
  const { dModel, dKv, dFf, numHeads } = config;
  const values = new Float32Array(dims.reduce((size, dim) => size * dim, 1));
  if (key.endsWith('layer_norm.weight')) return values.fill(1);
  let deviation = dModel ** -0.5;
  if (key.endsWith('.q.weight')) deviation = (dModel * dKv) ** -0.5;
  if (key.endsWith('.o.weight')) deviation = QUIET * (numHeads * dKv) ** -0.5;
  if (key.endsWith('.wo.weight')) deviation = QUIET * dFf ** -0.5;
  if (key === name.SHARED || key === name.HEAD) deviation = 1;
  for (let i = 0; i < values.length; i++) values[i] = random.normal() * deviation;
  const intoStream = key.endsWith('.o.weight') || key.endsWith('.wo.weight');
  if (intoStream) values.fill(0, (dModel - RESERVED) * dims[1]!);
  return values;
}

function embeddings(
  config: T5Config,
  start: WiredStart,
  weights: Weights,
  words: number,
  random: Random,
): void {
  const { dModel, vocabSize } = config;
  const table = weights.get(name.SHARED)!;
  const idf = standardise(start.idf, start.counts);
  for (let piece = 0; piece < vocabSize; piece++) {
    const row = table.subarray(piece * dModel, (piece + 1) * dModel);
    row.fill(0, words);
    row.set(start.vectors.subarray(piece * start.vectorSize, (piece + 1) * start.vectorSize));
    row[start.vectorSize] = idf[piece]!;
    row[words + place.one] = 1;
  }
  const flag = (piece: number, at: number, value: number) => {
    const row = table.subarray(piece * dModel, (piece + 1) * dModel);
    for (let d = 0; d < words; d++) row[d] = 0.3 * random.normal();
    row[words + at] = value;
  };
  const loud = 0.9 * Math.sqrt(dModel);
  const { first, second, query } = start.markers;
  for (const [i, pieces] of [first, second, query].entries()) {
    for (const piece of pieces) flag(piece, place.marker + i, loud);
  }
  for (const piece of start.labels.positive) flag(piece, place.answer, loud);
  for (const piece of start.labels.negative) flag(piece, place.answer, -loud);
  for (const piece of start.apart?.positive ?? []) flag(piece, place.apart, loud);
  for (const piece of start.apart?.negative ?? []) flag(piece, place.apart, -loud);
}

/** Mean 0 and deviation 1 over the words of texts, cut at ±3. */
function standardise(values: ArrayLike<number>, counts: ArrayLike<number>): Float64Array {
  let total = 0;
  let sum = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    total += counts[i]!;
    sum += counts[i]! * values[i]!;
    square += counts[i]! * values[i]! ** 2;
  }
  const mean = sum / total;
  const deviation = Math.sqrt(Math.max(square / total - mean ** 2, 1e-12));
  return Float64Array.from({ length: values.length }, (_, i) =>
    Math.max(-3, Math.min(3, (values[i]! - mean) / deviation)),
  );
}

/** Buckets below half: the key stands on the left (0: the word itself); from half on: on the right. */
function encoderBias(config: T5Config, weights: Weights): void {
  const half = config.buckets / 2;
  const set = setter(config, weights, name.relativeBiasName('encoder'));
  for (let bucket = 0; bucket < config.buckets; bucket++) {
    const right = bucket >= half;
    const steps = bucket % half;
    const self = bucket === 0;
    set(bucket, 0, self || right ? -10 : 0);
    set(bucket, 1, self || !right ? -10 : 0);
    set(bucket, 2, right ? -60 : -steps);
    set(bucket, 3, -0.3 * steps);
    for (let head = 4; head < config.numHeads; head++) set(bucket, head, 0);
  }
  const decoder = weights.get(name.relativeBiasName('decoder'))!;
  decoder.fill(0);
}

function wireEncoder(
  config: T5Config,
  weights: Weights,
  block: number,
  words: number,
  start: WiredStart,
  random: Random,
): void {
  const { dKv, dModel } = config;
  const part = (which: 'q' | 'k' | 'v' | 'o') => {
    const key = name.attentionName('encoder', block, 'SelfAttention', which);
    return setter(config, weights, key);
  };
  const [q, k, v, o] = [part('q'), part('k'), part('v'), part('o')];
  // A subspace of its own for every head and block: what one projection confuses another keeps apart.
  for (const head of [0, 1]) {
    const projection = orthonormalRows(random, dKv, start.vectorSize);
    for (let r = 0; r < dKv; r++) {
      for (let d = 0; d < dModel; d++) {
        const value = d < start.vectorSize ? MATCH * projection[r * start.vectorSize + d]! : 0;
        q(head * dKv + r, d, value);
        k(head * dKv + r, d, value);
      }
    }
    for (let d = 0; d < dModel; d++) v(head * dKv, d, d === start.vectorSize ? 1 : 0);
    for (let d = 0; d < dModel; d++) o(d, head * dKv, 0);
    o(words + (head === 0 ? place.left : place.right), head * dKv, 1);
  }
  if (block > 0) return;
  for (let d = 0; d < dModel; d++) {
    q(2 * dKv, d, d === words + place.one ? 5 : 0);
    k(2 * dKv, d, d >= words + place.marker && d < words + place.marker + 3 ? 0.5 : 0);
    for (let segment = 0; segment < 3; segment++) {
      v(2 * dKv + segment, d, d === words + place.marker + segment ? 0.3 : 0);
      o(d, 2 * dKv + segment, d === words + place.segment + segment ? 1 : 0);
    }
  }
}

function wireDecoder(config: T5Config, weights: Weights, words: number, idfAt: number): void {
  const { dModel } = config;
  const part = (which: 'q' | 'k' | 'v' | 'o') =>
    setter(config, weights, name.attentionName('decoder', 0, 'EncDecAttention', which));
  const [q, k, v, o] = [part('q'), part('k'), part('v'), part('o')];
  for (let d = 0; d < dModel; d++) {
    q(0, d, d === words + place.one ? 4 : 0);
    // Words of the query, rare ones before common ones.
    k(0, d, d === words + place.segment + 2 ? 1 : d === idfAt ? 0.3 : 0);
    v(0, d, d === words + place.left ? 1 : d === words + place.right ? -1 : 0);
    o(d, 0, d === words + place.answer ? 4 : 0);
  }
}
