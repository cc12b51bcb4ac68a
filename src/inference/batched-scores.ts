/** Prompts to label logits in batches, whatever the model: encoded a window at a time, batched by length, run, handed on. */
import { throwIfCancelled } from '../errors.ts';
import { type Batch, type BatchingOptions, planBatches } from './batching.ts';
import type { LabelAnswer, TokenBatch } from './label-model.ts';
import type { Shape } from './loaded-model.ts';
import type { EncodedPrompt } from './prompt-encoder.ts';
import type { Runtime } from './runtime.ts';
import type { Device, ScoredBatch } from './scorer.ts';
import { padded } from './token-batch.ts';

/** Batching hardly helps on WASM: small batches, for progress and prompt cancellation. */
const WASM_BATCHING: BatchingOptions = { rows: 8, window: 32, waste: 0.08 };
/** In Node nobody watches single answers come: a whole query's pairs are sorted, for less padding in larger batches. */
const CPU_BATCHING: BatchingOptions = { ...WASM_BATCHING, rows: 12, window: 96 };
/** Few shapes, which can all be warmed up: every new one costs shader compilation. */
const GPU_BATCHING: BatchingOptions = {
  rows: 8,
  window: 64,
  waste: 0.5,
  full: true,
  lengths: [64, 128, 192, 256, 384, 512],
};
const BATCHING = { cpu: CPU_BATCHING, wasm: WASM_BATCHING, webgpu: GPU_BATCHING } as const;

/** How a device is given prompts. @param alone each by itself */
export function batchingFor(
  device: Device,
  alone: boolean | undefined,
  own: Partial<BatchingOptions> = {},
): BatchingOptions {
  const batching = { ...BATCHING[device], ...own };
  return alone ? { ...batching, rows: 1, lengths: undefined } : batching;
}

/** Shapes that runs have on a device that compiles for each, up to a longest prompt; none on others. */
export function shapesOf({ lengths = [], full, rows }: BatchingOptions, maxTokens: number): Shape[] {
  const used = lengths.filter((_, i) => i === 0 || lengths[i - 1]! < maxTokens);
  return full ? used.map((length) => ({ rows, length })) : [];
}

/**
 * For how many milliseconds of runs answers are held back, to be handed on together, at the latest at the end of a
 * window. What is done with answers sweeps the model out of the processor's caches and finds its own code and data swept
 * out; in a page a ranking is watched.
 */
const HOLD_MS = { cpu: 200, wasm: 0, webgpu: 0 } as const;

/** A batch as it came from the model. */
interface Answered {
  /** Positions in the window. */
  readonly rows: readonly number[];
  /** Rows of the run. */
  readonly height: number;
  readonly length: number;
  readonly out: LabelAnswer;
  readonly ms: number;
}

export interface BatchedParts {
  readonly runtime: Pick<Runtime, 'device' | 'yieldTask'>;
  readonly padId: number;
  readonly batching: BatchingOptions;
}

/** Makes a batch's inputs, and what that returns runs the model: a window's inputs are made before its first run. */
export type PrepareBatch = (batch: TokenBatch) => () => Promise<LabelAnswer>;

/** Every prompt once. @throws RankscopeError 'cancelled' between batches; as `encode` and the model */
export async function* batchedScores<P>(
  parts: BatchedParts,
  prompts: readonly P[],
  encode: (prompt: P) => EncodedPrompt,
  prepare: PrepareBatch,
  signal?: AbortSignal,
): AsyncGenerator<ScoredBatch> {
  const { batching } = parts;
  // A window at a time: the first result does not wait until all prompts are tokenised.
  for (let start = 0; start < prompts.length; start += batching.window) {
    const encoded = prompts.slice(start, start + batching.window).map(encode);
    const plan = planBatches(
      encoded.map(({ ids }) => ids.length),
      batching,
    );
    yield* answers(parts, plan, encoded, start, prepare, signal);
  }
}

/** Runs the batches of a window that begins at `start`. */
async function* answers(
  { runtime, padId }: BatchedParts,
  plan: readonly Batch[],
  encoded: readonly EncodedPrompt[],
  start: number,
  prepare: PrepareBatch,
  signal?: AbortSignal,
): AsyncGenerator<ScoredBatch> {
  const runs = plan.map((batch) => prepare(padded(batch, encoded, padId)));
  let held: Answered[] = [];
  let heldMs = 0;
  const release = () => {
    const all = held;
    held = [];
    heldMs = 0;
    return resultOf(all, encoded, start);
  };
  for (const [b, { rows, height, length }] of plan.entries()) {
    await runtime.yieldTask();
    if (signal?.aborted && held.length > 0) yield release();
    throwIfCancelled(signal);
    const began = performance.now();
    let out: LabelAnswer;
    try {
      out = await runs[b]!();
    } catch (error) {
      if (held.length > 0) yield release();
      throw error;
    }
    const ms = performance.now() - began;
    held.push({ rows, height, length, out, ms });
    heldMs += ms;
    if (heldMs >= HOLD_MS[runtime.device] || b === plan.length - 1) yield release();
  }
}

/** Batches of a window that begins at `start` as one. */
function resultOf(
  answered: readonly Answered[],
  encoded: readonly EncodedPrompt[],
  start: number,
): ScoredBatch {
  const rows = answered.flatMap((batch) => batch.rows);
  const own = (values: Float32Array, { rows, height }: Answered) =>
    values.subarray(0, (values.length / height) * rows.length);
  const logits = joined(answered.map((batch) => own(batch.out.logits, batch)));
  const sums = answered.flatMap((batch) => (batch.out.logSumExp ? [own(batch.out.logSumExp, batch)] : []));
  const logSumExp = sums.length > 0 ? joined(sums) : undefined;
  for (const { out } of answered) out.dispose();
  return {
    indices: Int32Array.from(rows, (row) => start + row),
    logits,
    logSumExp,
    tokens: Int32Array.from(rows, (row) => encoded[row]!.ids.length),
    padded: answered.reduce((sum, { height, length }) => sum + height * length, 0),
    ms: answered.reduce((sum, { ms }) => sum + ms, 0),
    truncations: rows.flatMap((row, r) =>
      encoded[row]!.cuts.length > 0 ? [[r, encoded[row]!.cuts] as const] : [],
    ),
  };
}

/** An output of several batches, copied: the model's own memory is freed. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
