/** Asking a cross-encoder: logits of its classification head for query and passage. */
import { type CachedAnswer, isLogits, type LogitsAnswer } from './answer.ts';
import { type Answer, type AskContext, askBy, type Question } from './ask.ts';
import { readLogits } from './ask-logits.ts';
import { needed } from './needs.ts';
import type { RenderedPrompt } from './render.ts';

/** For `createKeys`: what an answer depends on beside query and passage. */
export const RELEVANCE_KEY_PARTS: readonly string[] = ['relevance'];

/** As `askBy`. The questions' keys must be made with `RELEVANCE_KEY_PARTS`. */
export function askRelevance(
  questions: readonly Question[],
  context: AskContext,
): AsyncGenerator<Answer<LogitsAnswer>[]> {
  const { model, signal, limits } = context;
  const way = {
    accepts: (answer: CachedAnswer): answer is LogitsAnswer => isLogits(answer),
    send: (prompts: readonly RenderedPrompt[]) =>
      needed(model, 'relevance').relevance(prompts, { signal, limits }),
    read: readLogits,
  };
  return askBy(way, questions, context);
}
