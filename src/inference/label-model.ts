/** A batch of token ids in, label logits out: what the T5Scorer needs of a model, whatever graphs it consists of. */

/** What all prompts of a call share. */
export interface LabelCall {
  /** The start token, then what the decoder has already said. */
  readonly decoderIds: Int32Array;
  readonly labelIds: Int32Array;
  /** Ask for the log-sum-exp over the vocabulary. */
  readonly logSumExp: boolean;
}

/** Padded prompts: ids and mask are [rows, length], row-major; the mask is 0 where a row is padded. */
export interface TokenBatch {
  readonly ids: Int32Array;
  readonly mask: Int32Array;
  /** Which of two texts a token is of (0 or 1), where prompts are pairs of texts. */
  readonly types?: Int32Array;
  readonly rows: number;
  readonly length: number;
}

export interface LabelAnswer {
  /** [rows, labels], row-major; the model's own memory until `dispose`. */
  readonly logits: Float32Array;
  /** [rows]; when it was asked for. */
  readonly logSumExp?: Float32Array;
  dispose(): void;
}

export interface LabelModel {
  /** True where the other rows of a run, and its padding, change a row's numbers: each prompt then runs by itself. */
  readonly alone?: boolean;
  /**
   * Begins a call. What it returns makes the inputs of one batch, and only what that returns runs the model: a window's
   * inputs are made before its first run.
   */
  begin(call: LabelCall): (batch: TokenBatch) => () => Promise<LabelAnswer>;
  /**
   * Gets ready for `judge` and `write`, so that what that takes is not counted as theirs; false where the model does without
   * them. Absent: they are there from the beginning, or never.
   */
  readyForText?(): Promise<boolean>;
  /**
   * Natural logarithms of the probabilities of a text's tokens after each prompt of a batch, each token given those before
   * it: one reading and one pass over the text. Absent, or undefined, where each token costs a run over everything.
   * @param start the start token and what the decoder has already said
   */
  judge?(
    batch: TokenBatch,
    start: readonly number[],
    target: readonly number[],
  ): Promise<Float32Array[] | undefined>;
  /** Begins to write after each prompt of a batch, keeping what was read. Absent, or undefined, and `start` as for `judge`. */
  write?(batch: TokenBatch, start: readonly number[]): Promise<TokenWriter | undefined>;
  release(): Promise<void>;
}

/** Writes a token of every row at a time. */
export interface TokenWriter {
  /** Of the first token, over the vocabulary: [rows, vocabulary], row-major. */
  readonly logits: Float32Array;
  /** Takes a token of each row and gives the next one's logits. Rows that have ended may be given any. */
  next(tokens: readonly number[]): Promise<Float32Array>;
  dispose(): void;
}
