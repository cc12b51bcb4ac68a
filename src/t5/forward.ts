/**
 * T5 as a graph: token ids in, logits of the asked label tokens after the decoder prefix out.
 * Written once over `T5Parts`, which says how a weight is applied: as fp32 or quantised constants
 * (inference, parts-*.ts) or as fed inputs with gradients (training).
 *
 * Follows Raffel et al. 2020 as implemented by Hugging Face: RMS norm before each sub-layer, no
 * biases, attention without 1/√d, one relative position bias per stack shared by its blocks, none
 * in cross-attention.
 */
import type { Dim, Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import type { T5Config } from './config.ts';
import type { Drop } from './dropout.ts';
import * as name from './names.ts';

/** How weights are applied. `x` always has the model dimension (or the layer's input size) last. */
export interface T5Parts {
  /** Rows of the shared embedding: ids [...] → [..., d_model]. */
  embed(ids: Value): Value;
  /** x Wᵀ for each name, W as Hugging Face stores it, [out, in]. Several names share one input. */
  linears(x: Value, names: readonly string[]): Value[];
  /** A projection's matrix [heads · d_kv, d_model] head by head: [heads, d_kv, d_model], in the graph's float type. */
  byHead(name: string): Value;
  norm(x: Value, name: string): Value;
  /** Position bias [1, heads, queries, keys] of a stack's self-attention; length = that of `positions`. */
  relativeBias(stack: name.Stack, like: Value): Value;
  /** Rows of the head for the asked labels: [labels] → [labels, d_model]. */
  headRows(labelIds: Value): Value;
  /** Training with dropout only: see dropout.ts. A leading 1 of `x` becomes the batch. */
  readonly drop?: Drop;
}

export interface ScorerInputs {
  /** [B, L] int32. */
  readonly inputIds: Value;
  /** [B, L] int32, 1 = token, 0 = padding. */
  readonly attentionMask: Value;
  /** [P] int32, start token first; the same prefix for every row. */
  readonly decoderIds: Value;
  /** [K] int32. */
  readonly labelIds: Value;
}

/** Added to the scores of padding: exp of it is exactly 0 in every float type. */
const MASKED = -1e9;

/**
 * Builds the scorer.
 * @returns logits [B, K] of the labels at the position after the decoder prefix, and the decoder's
 *   final state [B, d_model] that gave them (normed, scaled) for callers that need the whole vocabulary.
 */
export function t5Scorer(g: Graph, config: T5Config, parts: T5Parts, inputs: ScorerInputs) {
  const padding = paddingBias(g, inputs.attentionMask);
  const states = encoder(g, config, parts, inputs.inputIds, padding);
  const state = decoder(g, config, parts, inputs.decoderIds, memoryOf(g, states, padding));
  const rows = parts.headRows(inputs.labelIds);
  const logits = op.matmul(g, state, op.transpose(g, rows, [1, 0]));
  return { logits, state };
}

const dropped = ({ drop }: T5Parts, x: Value): Value => (drop ? drop(x) : x);

/** @param padding of paddingBias. */
export const memoryOf = (g: Graph, states: Value, padding: Value): Memory => ({
  states,
  transposed: op.transpose(g, states, [0, 2, 1]),
  padding: op.squeeze(g, padding, [1]),
});

/** [B, 1, 1, L]: 0 for tokens, very negative for padding. */
export function paddingBias(g: Graph, mask: Value): Value {
  const real = op.cast(g, mask, g.float);
  const bias = op.mul(g, op.sub(g, op.scalar(g, 1), real), op.scalar(g, MASKED));
  return op.unsqueeze(g, bias, [1, 2]);
}

export function encoder(g: Graph, config: T5Config, parts: T5Parts, ids: Value, padding: Value): Value {
  let x = dropped(parts, parts.embed(ids));
  const bias = op.add(g, parts.relativeBias('encoder', ids), padding);
  for (let block = 0; block < config.encoderLayers; block++) {
    x = selfAttention(g, config, parts, x, 'encoder', block, bias);
    x = feedForward(g, config, parts, x, 'encoder', block);
  }
  return dropped(parts, parts.norm(x, name.finalNorm('encoder')));
}

/** The decoder's state at the last prefix position: [B, d_model]. */
export function decoder(g: Graph, config: T5Config, parts: T5Parts, ids: Value, memory: Memory): Value {
  // Until the first cross-attention all rows are alike: one row, broadcast there (without dropout).
  let x = dropped(parts, op.unsqueeze(g, parts.embed(ids), [0]));
  const bias = op.add(g, parts.relativeBias('decoder', op.unsqueeze(g, ids, [0])), causalBias(g, ids));
  for (let block = 0; block < config.decoderLayers; block++) {
    x = decoderBlock(g, config, parts, x, bias, memory, block);
  }
  return headInput(g, config, parts, lastPosition(g, x));
}

/**
 * One block of the decoder: [B, P, D] → [B, P, D].
 * @param join see `attend`: keys and values of what was said before
 */
export function decoderBlock(
  g: Graph,
  config: T5Config,
  parts: T5Parts,
  x: Value,
  bias: Value,
  memory: Memory,
  block: number,
  join?: Join,
): Value {
  const said = selfAttention(g, config, parts, x, 'decoder', block, bias, join);
  const read = crossAttention(g, config, parts, said, memory, block);
  return feedForward(g, config, parts, read, 'decoder', block);
}

/** The decoder's final states as the head takes them: normed, and scaled where T5 v1.0 does. */
export function headInput(g: Graph, config: T5Config, parts: T5Parts, x: Value): Value {
  const normed = dropped(parts, parts.norm(x, name.finalNorm('decoder')));
  return config.scaledHead ? op.mul(g, normed, op.scalar(g, config.dModel ** -0.5)) : normed;
}

/** [B, P, D] → [B, D] at the last position. */
function lastPosition(g: Graph, x: Value): Value {
  if (x.dims[1] === 1) return op.squeeze(g, x, [1]);
  const last = op.gather(g, x, op.intScalar(g, -1), 1);
  return last;
}

function causalBias(g: Graph, ids: Value): Value {
  const positions = op.range(g, op.dimOf(g, ids, 0), ids.dims[0]!);
  return causalBiasOf(g, positions, positions);
}

/** [1, 1, queries, keys]: very negative where the key stands after the query. Positions are int32, one axis each. */
export function causalBiasOf(g: Graph, queries: Value, keys: Value): Value {
  const real = op.cast(g, keys, g.float);
  const from = queries === keys ? real : op.cast(g, queries, g.float);
  const ahead = op.sub(g, op.unsqueeze(g, real, [0]), op.unsqueeze(g, from, [1]));
  const after = op.min(g, op.relu(g, ahead), op.scalar(g, 1));
  return op.unsqueeze(g, op.mul(g, after, op.scalar(g, MASKED)), [0, 1]);
}

function selfAttention(
  g: Graph,
  config: T5Config,
  parts: T5Parts,
  x: Value,
  stack: name.Stack,
  block: number,
  bias: Value,
  join?: Join,
): Value {
  const h = parts.norm(x, name.attentionNorm(stack, block, 'SelfAttention'));
  const projection = (part: 'q' | 'k' | 'v') => name.attentionName(stack, block, 'SelfAttention', part);
  const [q, k, v] = parts.linears(h, [projection('q'), projection('k'), projection('v')]);
  const context = attend(g, config, parts, [q!, k!, v!], bias, join);
  const [out] = parts.linears(context, [name.attentionName(stack, block, 'SelfAttention', 'o')]);
  return op.add(g, x, dropped(parts, out!));
}

/**
 * Cross-attention of a short decoder prefix. The usual way projects every position of the memory to keys and
 * values, which for one or two queries is nearly all of the decoder's work. As the projections are linear, the
 * queries go through them instead: with K_h = M W_hᵀ, q_h K_hᵀ = (q_h W_h) Mᵀ, and the values are projected
 * after they were summed. Worth it while the prefix is shorter than d_kv.
 * @param memory [B, L, D], and transposed.
 */
function crossAttention(
  g: Graph,
  { numHeads, dKv }: T5Config,
  parts: T5Parts,
  x: Value,
  memory: Memory,
  block: number,
): Value {
  const projection = (part: 'q' | 'k' | 'v' | 'o') =>
    name.attentionName('decoder', block, 'EncDecAttention', part);
  const h = parts.norm(x, name.attentionNorm('decoder', block, 'EncDecAttention'));
  const [q] = parts.linears(h, [projection('q')]);
  const [rows, positions, width] = [x.dims[0]!, x.dims[1]!, memory.states.dims[2]!];
  const batch = memory.states.dims[0]!;
  const byHead = op.transpose(g, op.reshape(g, q!, [rows, positions, numHeads, dKv]), [0, 2, 1, 3]);
  const queries = op.reshape(g, op.matmul(g, byHead, parts.byHead(projection('k'))), [
    rows,
    times(numHeads, positions),
    width,
  ]);
  const scores = op.add(g, op.matmul(g, queries, memory.transposed), memory.padding);
  const shares = dropped(parts, op.softmax(g, scores));
  const sums = op.reshape(g, op.matmul(g, shares, memory.states), [batch, numHeads, positions, width]);
  const values = op.matmul(g, sums, op.transpose(g, parts.byHead(projection('v')), [0, 2, 1]));
  const merged = op.transpose(g, values, [0, 2, 1, 3]);
  const context = op.reshape(g, merged, [batch, positions, numHeads * dKv]);
  const [out] = parts.linears(context, [projection('o')]);
  return op.add(g, x, dropped(parts, out!));
}

/** What the encoder leaves to the decoder. */
export interface Memory {
  /** [B, L, D]. */
  readonly states: Value;
  /** [B, D, L]. */
  readonly transposed: Value;
  /** [B, 1, L]: see `paddingBias`. */
  readonly padding: Value;
}

const times = (count: number, dim: Dim): Dim => (typeof dim === 'number' ? count * dim : `${count}${dim}`);

/** Puts new keys and values [B, H, P, d] behind those of earlier positions: [B, H, T + P, d] each. */
export type Join = (keys: Value, values: Value) => readonly [keys: Value, values: Value];

/**
 * Multi-head attention; q [B, Q, H·d], k and v [B, K, H·d], bias broadcast to [B, H, Q, K].
 * @param join what is attended to beside k and v
 */
function attend(
  g: Graph,
  config: T5Config,
  parts: T5Parts,
  [q, k, v]: readonly [q: Value, k: Value, v: Value],
  bias: Value,
  join?: Join,
): Value {
  const split = (x: Value, perm: readonly number[]) =>
    op.transpose(g, op.reshape(g, x, [x.dims[0]!, x.dims[1]!, config.numHeads, config.dKv]), perm);
  const queries = split(q, [0, 2, 1, 3]);
  let turned: Value;
  let values: Value | undefined;
  if (join) {
    const joined = join(split(k, [0, 2, 1, 3]), split(v, [0, 2, 1, 3]));
    turned = op.transpose(g, joined[0], [0, 1, 3, 2]);
    values = joined[1];
  } else {
    turned = split(k, [0, 2, 3, 1]);
  }
  const scores = op.add(g, op.matmul(g, queries, turned), bias);
  const shares = dropped(parts, op.softmax(g, scores));
  const context = op.matmul(g, shares, values ?? split(v, [0, 2, 1, 3]));
  const merged = op.transpose(g, context, [0, 2, 1, 3]);
  return op.reshape(g, merged, [merged.dims[0]!, merged.dims[1]!, config.numHeads * config.dKv]);
}

function feedForward(
  g: Graph,
  config: T5Config,
  parts: T5Parts,
  x: Value,
  stack: name.Stack,
  block: number,
): Value {
  const h = parts.norm(x, name.feedForwardNorm(stack, block));
  const weight = (part: 'wi' | 'wi_0' | 'wi_1' | 'wo') => name.feedForwardName(stack, block, part);
  const act = (value: Value) => (config.activation === 'relu' ? op.relu(g, value) : op.gelu(g, value));
  let hidden: Value;
  if (config.gated) {
    const [gate, linear] = parts.linears(h, [weight('wi_0'), weight('wi_1')]);
    hidden = op.mul(g, act(gate!), linear!);
  } else {
    const [linear] = parts.linears(h, [weight('wi')]);
    hidden = act(linear!);
  }
  const [out] = parts.linears(dropped(parts, hidden), [weight('wo')]);
  return op.add(g, x, dropped(parts, out!));
}
