/**
 * What ranking knows of a language model: prompts in, label logits out.
 * Implementations (a T5 session in a worker or in Node, a fake in tests) live elsewhere; ranking
 * methods see only this interface.
 */

/**
 * A piece of a prompt: fixed wording, or the value of a slot. Only slots with `cut: true`
 * (passages) may be shortened to fit; the instruction and the query never are.
 */
export interface PromptPart {
  readonly text: string;
  /** Name of the slot this text fills (`query`, `passage`, `passage_a`, …); absent for fixed wording. */
  readonly slot?: string;
  readonly cut?: boolean;
}

export interface Prompt {
  /** In order; the prompt's text is their concatenation, nothing is added between them. */
  readonly parts: readonly PromptPart[];
  /** Text the decoder has already "said" before the label, e.g. `passage`; '' for none. */
  readonly decoderPrefix: string;
  /** Words whose logits are asked at the next decoder position; each must be one token. */
  readonly labels: readonly string[];
}

/** Limits that shape a prompt before it is scored. */
export interface PromptLimits {
  /**
   * Longest input in tokens, the end token included.
   * @example `{ maxTokens: 512 }`, what T5 was trained with; longer prompts have their passages cut to fit
   */
  readonly maxTokens: number;
  /**
   * Passages are cut to this many words first (the paper: 100 pairwise, 200 pointwise); absent = no limit.
   * @example `{ maxPassageWords: 100 }`, the paper's for pairs
   */
  readonly maxPassageWords?: number;
  /**
   * Passages are cut to this many tokens first: what the checkpoint was trained with.
   * @example `{ maxPassageTokens: 64 }` for a student that was trained on passages of 64 tokens
   */
  readonly maxPassageTokens?: number;
}

/** What truncation did to one slot of one prompt, in UTF-16 code units of the slot's text. */
export interface Truncation {
  readonly slot: string;
  readonly kept: number;
  readonly total: number;
}

/**
 * A finished batch, or several handed on together. `indices` point into the prompts given; row r of what was answered
 * belongs to `indices[r]`.
 */
export interface AnsweredBatch {
  readonly indices: Int32Array;
  /** Input tokens per row, padding not counted. */
  readonly tokens: Int32Array;
  /** Input positions of the runs, padding included; absent where that is not known. */
  readonly padded?: number;
  /** Wall milliseconds of the whole, model runs and read-back (not tokenising). A prompt's share is ms / rows. */
  readonly ms: number;
  /** Rows that were cut: row → what was cut. Empty when nothing was. */
  readonly truncations: readonly (readonly [row: number, cuts: readonly Truncation[]])[];
}

export interface ScoredBatch extends AnsweredBatch {
  /** [rows × labels], row-major. */
  readonly logits: Float32Array;
  /** Log-sum-exp over the whole vocabulary per row; only when asked for. logit − this = log-probability. */
  readonly logSumExp?: Float32Array;
}

export type Device = 'cpu' | 'wasm' | 'webgpu';
export type Dtype = 'fp32' | 'int8' | 'q8' | 'q4';

/** What computed a number: recorded with every timing, and part of the comparison cache's key. */
export interface ScorerInfo {
  /** Name of the checkpoint for people. */
  readonly name: string;
  /** SHA-256 (hex) of the scorer file. */
  readonly digest: string;
  readonly dtype: Dtype;
  readonly device: Device;
  readonly threads: number;
  /** e.g. `onnxruntime-web 1.31.0`. */
  readonly runtime: string;
  /**
   * True where every prompt runs by itself, because rows of a run would change each other's numbers (activations scaled
   * per tensor): slower than batches, and each number depends on its prompt alone all the same.
   */
  readonly alone?: boolean;
  /**
   * Host of the service that answered, e.g. `api.example.com`; absent where this machine computed. `dtype`, `device` and
   * `threads` then say nothing, and are not shown.
   */
  readonly service?: string;
}

export interface ScoreOptions {
  /**
   * Ends the stream between batches.
   * @example `scorer.score(prompts, { signal: AbortSignal.timeout(10_000) })` throws 'cancelled' at the first batch after ten seconds
   */
  readonly signal?: AbortSignal;
  /**
   * Overrides of the checkpoint's limits.
   * @example `scorer.score(prompts, { limits: { maxPassageWords: 50 } })` reads at most 50 words of each passage
   */
  readonly limits?: Partial<PromptLimits>;
  /**
   * Ask for the log-sum-exp over the vocabulary too (true probabilities, Eq. 2).
   * @example with `{ logSumExp: true }`, row r's probability of label 0: `Math.exp(batch.logits[r * labels] - batch.logSumExp[r])`
   */
  readonly logSumExp?: boolean;
}

export interface Scorer {
  readonly info: ScorerInfo;
  /**
   * Scores prompts in batches and yields them as they finish, each or a few together, in an order of the scorer's
   * choosing. Every prompt is yielded exactly once. All prompts of a call share labels and decoder prefix.
   * A prompt's logits depend on that prompt alone, not on its batch-mates or on padding.
   * Throws RankscopeError 'cancelled' when the signal is aborted, between batches.
   */
  score(prompts: readonly Prompt[], options?: ScoreOptions): AsyncIterable<ScoredBatch>;
}
