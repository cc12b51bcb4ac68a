/** A model that is loaded: what ranking asks of it, and what else a page or a command wants to know. */
import { RankscopeError } from '../errors.ts';
import type { TextTokenizer } from '../tokenizer/text-tokenizer.ts';
import { type CallOptions, can, type RankerModel } from './ranker-model.ts';
import type { Prompt, PromptLimits, ScoredBatch } from './scorer.ts';
import type { SeenPrompt } from './seen-prompt.ts';

export interface Shape {
  readonly rows: number;
  /** Tokens of a row. */
  readonly length: number;
}

export interface LoadedModel extends RankerModel {
  readonly tokenizer: Pick<TextTokenizer, 'count'>;
  /** Shapes that runs have on a device that compiles for each, within the limits; none on others. */
  readonly shapes?: readonly Shape[];
  /** The prompts as this model reads them, cut to its limits. @throws RankscopeError 'bad-input' as its calls do */
  see(prompts: readonly Prompt[], limits?: Partial<PromptLimits>): SeenPrompt[];
  /** Frees the model, which cannot be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * Logits of a model's labels, by the call that it has for them: to warm it up, and to compare it between devices.
 * @throws RankscopeError 'internal' for a model without labels
 */
export function logitsOf(
  model: RankerModel,
  prompts: readonly Prompt[],
  options?: CallOptions,
): AsyncIterable<ScoredBatch> {
  if (can(model, 'logits')) return model.score(prompts, options);
  if (can(model, 'relevance')) return model.relevance(prompts, options);
  throw new RankscopeError('internal', `${model.info.name} has no labels to be asked for.`);
}
