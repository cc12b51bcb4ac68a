/** Asking for the logits of a template's labels. */
import type { ScoredBatch } from '../inference/scorer.ts';
import { type CachedAnswer, isLogits, type LogitsAnswer } from './answer.ts';
import { type Answer, type AskContext, askBy, brokenModel, noNumber, type Question } from './ask.ts';
import { needed } from './needs.ts';
import type { RenderedPrompt } from './render.ts';

/** As `askBy`: logits, and the log-sum-exp where the context asks for it. */
export function askLogits(
  questions: readonly Question[],
  context: AskContext,
): AsyncGenerator<Answer<LogitsAnswer>[]> {
  const { model, signal, limits, logSumExp } = context;
  const way = {
    accepts: (answer: CachedAnswer): answer is LogitsAnswer => answersLogits(answer, logSumExp),
    send: (prompts: readonly RenderedPrompt[]) =>
      needed(model, 'logits').score(prompts, { signal, limits, logSumExp }),
    read: readLogits,
  };
  return askBy(way, questions, context);
}

/** Whether a cached answer will do where label logits are asked. */
export const answersLogits = (answer: CachedAnswer, withLogSumExp = false): answer is LogitsAnswer =>
  isLogits(answer) && (answer.logSumExp !== undefined || !withLogSumExp);

/** @throws RankscopeError 'device' or 'internal' where a row is no answer */
export function readLogits(batch: ScoredBatch, row: number, { labels }: RenderedPrompt) {
  const width = labels.length;
  if (batch.logits.length !== batch.indices.length * width) {
    throw brokenModel(`gave ${batch.logits.length} logits for ${batch.indices.length} × ${width} labels`);
  }
  const logits = labels.map((_, label) => batch.logits[row * width + label]!);
  const bad = logits.findIndex((logit) => !Number.isFinite(logit));
  if (bad >= 0) throw noNumber(`The model’s answer for label “${labels[bad]}”`);
  const logSumExp = batch.logSumExp?.[row];
  if (logSumExp === undefined) return { logits };
  if (!Number.isFinite(logSumExp)) throw noNumber('The model’s answer over its whole vocabulary');
  return { logits, logSumExp };
}
