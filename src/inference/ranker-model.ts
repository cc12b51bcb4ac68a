/**
 * A model as ranking methods see it: label logits (scorer.ts), the likelihood of a given text, text of its own, a score of
 * query and passage read together, or a whole ranking made elsewhere. Few models can do all of it; what one can do is seen by the calls it has.
 */
import type { AnsweredBatch, Prompt, PromptLimits, ScoredBatch, Scorer, ScorerInfo } from './scorer.ts';

/** A prompt that is answered with text, given or written. */
export type TextPrompt = Pick<Prompt, 'parts' | 'decoderPrefix'>;

export interface CallOptions {
  /**
   * Ends the stream between batches.
   * @example `model.likelihoods(prompts, { signal: controller.signal })`
   */
  readonly signal?: AbortSignal;
  /**
   * Overrides of the checkpoint's limits.
   * @example `model.generate(prompts, { maxNewTokens: 20, limits: { maxTokens: 512 } })`
   */
  readonly limits?: Partial<PromptLimits>;
}

export interface LikelihoodPrompt extends TextPrompt {
  /** The text whose likelihood is asked, e.g. the query after a passage. Never cut, and at least one token long. */
  readonly target: string;
}

export interface LikelihoodBatch extends AnsweredBatch {
  /**
   * Row by row, natural logarithms of the probabilities of the target's tokens, each given the prompt and the tokens
   * before it. The end token is not among them.
   */
  readonly logProbabilities: readonly Float32Array[];
}

/** Log-likelihood of a given text after a prompt. */
export interface Likelihood {
  /**
   * Every prompt is yielded once, in batches, in any order; an answer does not depend on its batch-mates.
   * @throws RankscopeError 'cancelled' between batches, 'bad-input' for a target without a token
   */
  likelihoods(prompts: readonly LikelihoodPrompt[], options?: CallOptions): AsyncIterable<LikelihoodBatch>;
}

/** Mean log-likelihood per token, which does not favour short targets. From −∞ to 0; NaN for no tokens. */
export const meanLogLikelihood = (logProbabilities: ArrayLike<number>): number =>
  Array.from(logProbabilities).reduce((sum, one) => sum + one, 0) / logProbabilities.length;

export interface GenerationOptions extends CallOptions {
  /**
   * At most so many new tokens, the end token included. A whole number from 1.
   * @example `{ maxNewTokens: 64 }` is enough for “[2] > [3] > [1]”
   */
  readonly maxNewTokens: number;
  /** Before so many new tokens the end token is not taken. Default 0. */
  readonly minNewTokens?: number;
  /**
   * The text ends before the first of these that it would contain.
   * @example `{ maxNewTokens: 64, stop: ['\n'] }` keeps the first line
   */
  readonly stop?: readonly string[];
}

export interface GeneratedBatch extends AnsweredBatch {
  /** Row by row, without the decoder prefix and the end token. */
  readonly texts: readonly string[];
  /** Tokens made per row, the end token included. */
  readonly newTokens: Int32Array;
  /** Per row: whether the end token or a stop text came within the limit. */
  readonly ended: readonly boolean[];
}

/** Text by greedy decoding: the most probable token each time, the lowest id among equals. */
export interface Generator {
  /** Batches and errors as for `likelihoods`. */
  generate(prompts: readonly TextPrompt[], options: GenerationOptions): AsyncIterable<GeneratedBatch>;
}

/** A score of query and passage, read together: a cross-encoder's classification head (Nogueira and Cho 2019). */
export interface Relevance {
  /**
   * Of each prompt the parts in the slots `query` and `passage` are read, as a pair of texts; all else in it is ignored.
   * A batch has one logit for each of the prompts' labels. Batches and errors as for `Scorer.score`.
   */
  relevance(prompts: readonly Prompt[], options?: CallOptions): AsyncIterable<ScoredBatch>;
}

export interface RemoteRanking {
  /** Positions in the passages given, from 0, best first: all of them. */
  readonly order: readonly number[];
  /** scores[i] belongs to order[i]; absent where the service gives none. */
  readonly scores?: readonly number[];
  /** Tokens as the service counts them; 0 where it does not say. */
  readonly tokens: number;
  readonly ms: number;
}

/** A service that ranks: query and passages leave this machine. */
export interface RemoteRanker {
  /** @throws RankscopeError 'cancelled', or 'worker' with what the service said */
  rerank(
    query: string,
    passages: readonly string[],
    options?: Pick<CallOptions, 'signal'>,
  ): Promise<RemoteRanking>;
}

/** The calls by which a model does something. */
export interface Calls {
  readonly logits: Pick<Scorer, 'score'>;
  readonly likelihood: Likelihood;
  readonly generation: Generator;
  readonly relevance: Relevance;
  readonly remote: RemoteRanker;
}

/** What a ranking method can need of a model. */
export type Capability = keyof Calls;

export interface RankerModel
  extends Partial<
    Calls['logits'] & Calls['likelihood'] & Calls['generation'] & Calls['relevance'] & Calls['remote']
  > {
  readonly info: ScorerInfo;
}

/** By what a model can do, the name of the call. */
export const CALL_OF = {
  logits: 'score',
  likelihood: 'likelihoods',
  generation: 'generate',
  relevance: 'relevance',
  remote: 'rerank',
} as const satisfies Record<Capability, keyof RankerModel>;

export const CAPABILITIES = Object.keys(CALL_OF) as readonly Capability[];

/** Whether a model can do something; the type then says so, too. */
export const can = <C extends Capability>(
  model: RankerModel,
  capability: C,
): model is RankerModel & Calls[C] => typeof model[CALL_OF[capability]] === 'function';

/** Needs that one run over the prompt meets: how long it takes goes by the prompt's tokens alone. */
export const readsOnce = (capability: Capability): boolean =>
  capability === 'logits' || capability === 'relevance';
