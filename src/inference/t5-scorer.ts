/**
 * The Scorer over a T5 of any form (LabelModel): tokenises, cuts, batches by length, runs, and reports tokens and
 * milliseconds.
 */
import { throwIfCancelled } from '../errors.ts';
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { type Batch, type BatchingOptions, planBatches } from './batching.ts';
import type { LabelAnswer, LabelModel } from './label-model.ts';
import { type EncodedPrompt, encodePrompt } from './prompt-encoder.ts';
import type {
  CallOptions,
  GeneratedBatch,
  GenerationOptions,
  Generator,
  Likelihood,
  LikelihoodBatch,
  LikelihoodPrompt,
  TextPrompt,
} from './ranker-model.ts';
import type { Runtime } from './runtime.ts';
import type { Prompt, PromptLimits, ScoredBatch, ScoreOptions, Scorer, ScorerInfo } from './scorer.ts';
import { type SeenPrompt, seePrompt } from './seen-prompt.ts';
import { t5Likelihoods, t5Text } from './t5-text.ts';
import { padded } from './token-batch.ts';

export interface T5ScorerParts {
  readonly runtime: Pick<Runtime, 'device' | 'yieldTask'>;
  readonly model: LabelModel;
  readonly tokenizer: T5Tokenizer;
  readonly info: ScorerInfo;
  readonly limits: PromptLimits;
  readonly decoderStartId: number;
  readonly padId: number;
  readonly batching?: Partial<BatchingOptions>;
}

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

/**
 * For how many milliseconds of runs answers are held back, to be handed on together, at the latest at the end of a
 * window. What is done with answers sweeps the model out of the processor's caches and finds its own code and data swept
 * out; in a page a ranking is watched.
 */
const HOLD_MS = { cpu: 200, wasm: 0, webgpu: 0 } as const;

export interface Shape {
  readonly rows: number;
  /** Tokens of a row. */
  readonly length: number;
}

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

export class T5Scorer implements Scorer, Likelihood, Generator {
  private readonly parts: T5ScorerParts;
  private readonly batching: BatchingOptions;

  constructor(parts: T5ScorerParts) {
    this.parts = parts;
    const batching = { ...BATCHING[parts.runtime.device], ...parts.batching };
    this.batching = parts.model.alone ? { ...batching, rows: 1, lengths: undefined } : batching;
  }

  get info(): ScorerInfo {
    return this.parts.info;
  }

  get tokenizer(): T5Tokenizer {
    return this.parts.tokenizer;
  }

  /** Shapes that runs have on a device that compiles for each, within the limits; none on others. */
  get shapes(): readonly Shape[] {
    const { lengths = [], full, rows } = this.batching;
    const most = this.parts.limits.maxTokens;
    const used = lengths.filter((_, i) => i === 0 || lengths[i - 1]! < most);
    return full ? used.map((length) => ({ rows, length })) : [];
  }

  /** The prompts as this model reads them, cut to its limits. @throws RankscopeError 'bad-input' as `score` does */
  see(prompts: readonly Prompt[], limits: Partial<PromptLimits> = {}): SeenPrompt[] {
    const { tokenizer } = this.parts;
    return prompts.map((prompt) => seePrompt(tokenizer, prompt, { ...this.parts.limits, ...limits }));
  }

  async *score(prompts: readonly Prompt[], options: ScoreOptions = {}): AsyncGenerator<ScoredBatch> {
    const first = prompts[0];
    if (!first) return;
    const { tokenizer, model, decoderStartId } = this.parts;
    const limits = { ...this.parts.limits, ...options.limits };
    const labels = first.labels.map((label) => tokenizer.labelId(label));
    const prefix = first.decoderPrefix ? tokenizer.encode(first.decoderPrefix) : [];
    const prepare = model.begin({
      decoderIds: Int32Array.of(decoderStartId, ...prefix),
      labelIds: Int32Array.from(labels),
      logSumExp: options.logSumExp === true,
    });
    // A window at a time: the first result does not wait until all prompts are tokenised.
    for (let start = 0; start < prompts.length; start += this.batching.window) {
      const slice = prompts.slice(start, start + this.batching.window);
      const encoded = slice.map((prompt) => encodePrompt(tokenizer, prompt, limits));
      const plan = planBatches(
        encoded.map(({ ids }) => ids.length),
        this.batching,
      );
      yield* this.answers(plan, encoded, start, prepare, options);
    }
  }

  /** Runs the batches of a window that begins at `start`. */
  private async *answers(
    plan: readonly Batch[],
    encoded: readonly EncodedPrompt[],
    start: number,
    prepare: ReturnType<LabelModel['begin']>,
    { signal }: ScoreOptions,
  ): AsyncGenerator<ScoredBatch> {
    const { runtime, padId } = this.parts;
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

  likelihoods(prompts: readonly LikelihoodPrompt[], options?: CallOptions): AsyncGenerator<LikelihoodBatch> {
    return t5Likelihoods({ ...this.parts, batching: this.batching }, prompts, options);
  }

  generate(prompts: readonly TextPrompt[], options: GenerationOptions): AsyncGenerator<GeneratedBatch> {
    return t5Text({ ...this.parts, batching: this.batching }, prompts, options);
  }

  /** Frees the model. The scorer cannot be used afterwards. */
  async dispose(): Promise<void> {
    await this.parts.model.release();
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
