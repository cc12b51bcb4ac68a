/** Asking for text that the model writes. */
import type { GeneratedBatch, GenerationOptions } from '../inference/ranker-model.ts';
import type { CachedAnswer, TextAnswer } from './answer.ts';
import { type Answer, type AskContext, askBy, type Question } from './ask.ts';
import { needed } from './needs.ts';
import type { RenderedPrompt } from './render.ts';

export type TextLimits = Pick<GenerationOptions, 'maxNewTokens' | 'stop'>;

/** For `createKeys`: what an answer depends on beside the prompt. */
export const textKeyParts = ({ maxNewTokens, stop = [] }: TextLimits): readonly (string | number)[] => [
  'text',
  maxNewTokens,
  ...stop,
];

/** As `askBy`. The questions' keys must be made with `textKeyParts` of the same limits. */
export function askText(
  questions: readonly Question[],
  text: TextLimits,
  context: AskContext,
): AsyncGenerator<Answer<TextAnswer>[]> {
  const { model, signal, limits } = context;
  const way = {
    accepts: (answer: CachedAnswer): answer is TextAnswer => answer.kind === 'text',
    send: (prompts: readonly RenderedPrompt[]) =>
      needed(model, 'generation').generate(prompts, { ...text, signal, limits }),
    read: ({ texts, newTokens, ended }: GeneratedBatch, row: number) =>
      ({ kind: 'text', text: texts[row]!, written: newTokens[row], ended: ended[row]! }) as const,
  };
  return askBy(way, questions, context);
}
