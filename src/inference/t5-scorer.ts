/**
 * The Scorer over a fused T5 scorer graph (src/t5/scorer-graph.ts): tokenises, cuts, batches by
 * length, runs, and reports tokens and milliseconds.
 */
import { throwIfCancelled } from '../errors.ts';
import { type BatchingOptions, planBatches } from './batching.ts';
import { type EncodedPrompt, encodePrompt } from './prompt-encoder.ts';
import type { Runtime, RuntimeSession } from './runtime.ts';
import type { Prompt, PromptLimits, ScoredBatch, ScoreOptions, Scorer, ScorerInfo } from './scorer.ts';
import type { T5Tokenizer } from './tokenizer.ts';

export interface T5ScorerParts {
  readonly runtime: Runtime;
  readonly session: RuntimeSession;
  readonly tokenizer: T5Tokenizer;
  readonly info: ScorerInfo;
  readonly limits: PromptLimits;
  readonly decoderStartId: number;
  readonly padId: number;
  readonly batching?: Partial<BatchingOptions>;
}

/** Batching hardly helps on WASM: small batches, for progress and prompt cancellation. */
const WASM_BATCHING: BatchingOptions = { rows: 8, window: 32, waste: 0.08, multiple: 1 };
/** In Node nobody watches single answers come: a whole query's pairs are sorted, for less padding in larger batches. */
const CPU_BATCHING: BatchingOptions = { ...WASM_BATCHING, rows: 12, window: 96 };
/** Few shapes: every new one costs shader compilation. */
const GPU_BATCHING: BatchingOptions = { rows: 8, window: 64, waste: 0.5, multiple: 32 };
const BATCHING = { cpu: CPU_BATCHING, wasm: WASM_BATCHING, webgpu: GPU_BATCHING } as const;

export class T5Scorer implements Scorer {
  private readonly parts: T5ScorerParts;
  private readonly batching: BatchingOptions;

  constructor(parts: T5ScorerParts) {
    this.parts = parts;
    this.batching = { ...BATCHING[parts.runtime.device], ...parts.batching };
  }

  get info(): ScorerInfo {
    return this.parts.info;
  }

  get tokenizer(): T5Tokenizer {
    return this.parts.tokenizer;
  }

  async *score(prompts: readonly Prompt[], options: ScoreOptions = {}): AsyncGenerator<ScoredBatch> {
    const first = prompts[0];
    if (!first) return;
    const { tokenizer, runtime, decoderStartId } = this.parts;
    const limits = { ...this.parts.limits, ...options.limits };
    const labels = first.labels.map((label) => tokenizer.labelId(label));
    const prefix = [decoderStartId, ...(first.decoderPrefix ? tokenizer.encode(first.decoderPrefix) : [])];
    const shared = {
      decoder_input_ids: runtime.int32(Int32Array.from(prefix), [prefix.length]),
      label_ids: runtime.int32(Int32Array.from(labels), [labels.length]),
      want_log_sum_exp: runtime.bool(options.logSumExp === true),
    };
    // A window at a time: the first result does not wait until all prompts are tokenised.
    for (let start = 0; start < prompts.length; start += this.batching.window) {
      const slice = prompts.slice(start, start + this.batching.window);
      const encoded = slice.map((prompt) => encodePrompt(tokenizer, prompt, limits));
      const plan = planBatches(
        encoded.map(({ ids }) => ids.length),
        this.batching,
      );
      for (const batch of plan) {
        await runtime.yieldTask();
        throwIfCancelled(options.signal);
        yield await this.run(batch.rows, batch.length, encoded, start, shared, options.logSumExp === true);
      }
    }
  }

  /** Frees the session. The scorer cannot be used afterwards. */
  async dispose(): Promise<void> {
    await this.parts.session.release();
  }

  private async run(
    rows: readonly number[],
    length: number,
    encoded: readonly EncodedPrompt[],
    offset: number,
    shared: Record<string, ReturnType<Runtime['int32']>>,
    wantLogSumExp: boolean,
  ): Promise<ScoredBatch> {
    const { runtime, session, padId } = this.parts;
    const ids = new Int32Array(rows.length * length);
    const mask = new Int32Array(rows.length * length);
    for (let r = 0; r < rows.length; r++) {
      const own = encoded[rows[r]!]!.ids;
      const end = r * length + own.length;
      ids.set(own, r * length);
      ids.fill(padId, end, (r + 1) * length);
      mask.fill(1, r * length, end);
    }
    const began = performance.now();
    const out = await session.run({
      ...shared,
      input_ids: runtime.int32(ids, [rows.length, length]),
      attention_mask: runtime.int32(mask, [rows.length, length]),
    });
    const ms = performance.now() - began;
    const logits = (out.logits!.data as Float32Array).slice();
    const logSumExp = wantLogSumExp ? (out.log_sum_exp!.data as Float32Array).slice() : undefined;
    for (const value of Object.values(out)) value.dispose?.();
    return {
      indices: Int32Array.from(rows, (row) => offset + row),
      logits,
      ...(logSumExp ? { logSumExp } : {}),
      tokens: Int32Array.from(rows, (row) => encoded[row]!.ids.length),
      ms,
      truncations: rows.flatMap((row, r) =>
        encoded[row]!.cuts.length > 0 ? [[r, encoded[row]!.cuts] as const] : [],
      ),
    };
  }
}
