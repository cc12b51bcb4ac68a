/** A prompt exactly as the model reads it: what was cut, and its tokens. */
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { encodePrompt } from './prompt-encoder.ts';
import type { Prompt, PromptLimits } from './scorer.ts';

export interface SeenPart {
  /** What the model reads of this part. */
  readonly text: string;
  /** The slot it fills; absent for fixed wording. */
  readonly slot?: string;
  /** What was cut off by tokens and the model never sees; '' where nothing was. */
  readonly lost: string;
}

export interface SeenPrompt {
  readonly parts: readonly SeenPart[];
  /** Pieces of the vocabulary, in order, the end token last; `▁` stands for a space. */
  readonly tokens: readonly string[];
  /** Label words, each one token, and what the decoder has said before them. */
  readonly labels: readonly string[];
  readonly decoderPrefix: string;
}

/** @throws RankscopeError 'bad-input' when instruction and query alone do not fit. */
export function seePrompt(tokenizer: T5Tokenizer, prompt: Prompt, limits: PromptLimits): SeenPrompt {
  const { ids, cuts } = encodePrompt(tokenizer, prompt, limits);
  const kept = new Map(cuts.map((cut) => [cut.slot, cut.kept]));
  return {
    parts: prompt.parts.map(({ text, slot }) => {
      const end = (slot === undefined ? undefined : kept.get(slot)) ?? text.length;
      return { text: text.slice(0, end), slot, lost: text.slice(end) };
    }),
    tokens: Array.from(ids, (id) => tokenizer.token(id)),
    labels: prompt.labels,
    decoderPrefix: prompt.decoderPrefix,
  };
}
