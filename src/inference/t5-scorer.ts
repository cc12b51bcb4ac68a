/**
 * The Scorer over a T5 of any form (LabelModel): tokenises, cuts, batches by length, runs, and reports tokens and
 * milliseconds.
 */
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { batchedScores, batchingFor, shapesOf } from './batched-scores.ts';
import type { BatchingOptions } from './batching.ts';
import type { LabelModel } from './label-model.ts';
import type { LoadedModel, Shape } from './loaded-model.ts';
import { encodePrompt } from './prompt-encoder.ts';
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

export class T5Scorer implements Scorer, Likelihood, Generator, LoadedModel {
  private readonly parts: T5ScorerParts;
  private readonly batching: BatchingOptions;

  constructor(parts: T5ScorerParts) {
    this.parts = parts;
    this.batching = batchingFor(parts.runtime.device, parts.model.alone, parts.batching);
  }

  get info(): ScorerInfo {
    return this.parts.info;
  }

  get tokenizer(): T5Tokenizer {
    return this.parts.tokenizer;
  }

  get shapes(): readonly Shape[] {
    return shapesOf(this.batching, this.parts.limits.maxTokens);
  }

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
    const encode = (prompt: Prompt) => encodePrompt(tokenizer, prompt, limits);
    yield* batchedScores(
      { ...this.parts, batching: this.batching },
      prompts,
      encode,
      prepare,
      options.signal,
    );
  }

  likelihoods(prompts: readonly LikelihoodPrompt[], options?: CallOptions): AsyncGenerator<LikelihoodBatch> {
    return t5Likelihoods({ ...this.parts, batching: this.batching }, prompts, options);
  }

  generate(prompts: readonly TextPrompt[], options: GenerationOptions): AsyncGenerator<GeneratedBatch> {
    return t5Text({ ...this.parts, batching: this.batching }, prompts, options);
  }

  async dispose(): Promise<void> {
    await this.parts.model.release();
  }
}
