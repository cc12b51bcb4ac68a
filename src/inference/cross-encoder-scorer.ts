/**
 * A cross-encoder (an encoder with a classification head over a pair of texts): query and passage in, logits of its labels
 * out. The passage is cut at a word where the pair is too long, the query never: Hugging Face's `only_second`, but for the
 * word; its default, `longest_first`, would shorten long queries, too.
 */
import { RankscopeError } from '../errors.ts';
import type { PairTokenizer } from '../tokenizer/pair-tokenizer.ts';
import { batchedScores, batchingFor, shapesOf } from './batched-scores.ts';
import type { BatchingOptions } from './batching.ts';
import type { ClassifierModel } from './classifier-model.ts';
import type { LoadedModel, Shape } from './loaded-model.ts';
import { type EncodedPrompt, keepTokens } from './prompt-encoder.ts';
import type { CallOptions, Relevance } from './ranker-model.ts';
import type { Runtime } from './runtime.ts';
import type { Prompt, PromptLimits, ScoredBatch, ScorerInfo } from './scorer.ts';
import type { SeenPrompt } from './seen-prompt.ts';

export interface CrossEncoderParts {
  readonly runtime: Pick<Runtime, 'device' | 'yieldTask'>;
  readonly model: ClassifierModel;
  readonly tokenizer: PairTokenizer;
  readonly info: ScorerInfo;
  readonly limits: PromptLimits;
  readonly padId: number;
  readonly batching?: Partial<BatchingOptions>;
}

/** Longer prompts than T5's may come: attention then takes no more memory than with twelve of 512 tokens. */
const AREA = 12 * 512 ** 2;

export class CrossEncoderScorer implements Relevance, LoadedModel {
  private readonly parts: CrossEncoderParts;
  private readonly batching: BatchingOptions;

  constructor(parts: CrossEncoderParts) {
    this.parts = parts;
    const { runtime, model, batching } = parts;
    this.batching = batchingFor(runtime.device, model.alone, { area: AREA, ...batching });
  }

  get info(): ScorerInfo {
    return this.parts.info;
  }

  get tokenizer(): PairTokenizer {
    return this.parts.tokenizer;
  }

  get shapes(): readonly Shape[] {
    return shapesOf(this.batching, this.parts.limits.maxTokens);
  }

  see(prompts: readonly Prompt[], limits: Partial<PromptLimits> = {}): SeenPrompt[] {
    const { tokenizer } = this.parts;
    return prompts.map((prompt) => {
      const { ids, cuts } = this.encode(prompt, limits);
      const kept = cuts[0]?.kept;
      return {
        parts: prompt.parts.map(({ text, slot }) => {
          const end = (slot === 'passage' ? kept : undefined) ?? text.length;
          return { text: text.slice(0, end), slot, lost: text.slice(end) };
        }),
        tokens: Array.from(ids, (id) => tokenizer.token(id)),
        labels: prompt.labels,
        decoderPrefix: '',
      };
    });
  }

  async *relevance(prompts: readonly Prompt[], options: CallOptions = {}): AsyncGenerator<ScoredBatch> {
    const encode = (prompt: Prompt) => this.encode(prompt, options.limits);
    const parts = { ...this.parts, batching: this.batching };
    yield* batchedScores(parts, prompts, encode, (batch) => this.parts.model.prepare(batch), options.signal);
  }

  async dispose(): Promise<void> {
    await this.parts.model.release();
  }

  private encode(prompt: Prompt, own: Partial<PromptLimits> = {}): EncodedPrompt {
    return encodePair(this.parts.tokenizer, prompt, { ...this.parts.limits, ...own });
  }
}

/** Characters of a token that is longer than most. */
const LONG_TOKEN = 20;

/** The texts of a slot, joined. */
const slotText = ({ parts }: Pick<Prompt, 'parts'>, slot: string): string =>
  parts
    .filter((part) => part.slot === slot)
    .map(({ text }) => text)
    .join('');

/**
 * Query and passage of a prompt as one input within the limits.
 * @throws RankscopeError 'bad-input' when the query alone does not fit
 */
export function encodePair(
  tokenizer: PairTokenizer,
  prompt: Pick<Prompt, 'parts'>,
  { maxTokens, maxPassageTokens }: PromptLimits,
): EncodedPrompt {
  const query = slotText(prompt, 'query');
  const passage = slotText(prompt, 'passage');
  const most = maxPassageTokens ?? Number.POSITIVE_INFINITY;
  let text = Number.isFinite(most) ? passage.slice(0, keepTokens(tokenizer, passage, most)) : passage;
  // A text that is far too long is not encoded as a whole only to be cut.
  let pair = text.length > maxTokens * LONG_TOKEN ? undefined : tokenizer.pair(query, text);
  if (!pair || pair.ids.length > maxTokens) {
    const around = tokenizer.count(query) + tokenizer.around;
    // Tokens at a cut may differ by a few from those of the words alone: try, look, tighten.
    for (let budget = maxTokens - around; ; budget -= 2) {
      if (budget <= 0) throw noRoom(around, maxTokens);
      text = passage.slice(0, keepTokens(tokenizer, passage, Math.min(budget, most)));
      pair = tokenizer.pair(query, text);
      if (pair.ids.length <= maxTokens) break;
    }
  }
  const [kept, total] = [text.length, passage.length];
  return { ...pair, cuts: kept < total ? [{ slot: 'passage', kept, total }] : [] };
}

const noRoom = (tokens: number, maxTokens: number) =>
  new RankscopeError(
    'bad-input',
    `The query takes ${tokens} tokens and this model reads ${maxTokens}: no room is left for passages. Shorten the query.`,
    { tokens, maxTokens },
  );
