/** Asking how likely a given text is. */
import type { LikelihoodBatch } from '../inference/ranker-model.ts';
import type { CachedAnswer, LikelihoodAnswer } from './answer.ts';
import { type Answer, type AskContext, askBy, noNumber, type Question } from './ask.ts';
import { needed } from './needs.ts';
import type { RenderedPrompt } from './render.ts';

export interface TargetPrompt extends RenderedPrompt {
  readonly target: string;
}

/** For `createKeys`: what an answer depends on beside the prompt. */
export const likelihoodKeyParts = (target: string): readonly string[] => ['likelihood', target];

/** As `askBy`. The questions' keys must be made with `likelihoodKeyParts` of their target. */
export function askLikelihood(
  questions: readonly Question<TargetPrompt>[],
  context: AskContext,
): AsyncGenerator<Answer<LikelihoodAnswer>[]> {
  const { model, signal, limits } = context;
  const way = {
    accepts: (answer: CachedAnswer): answer is LikelihoodAnswer => answer.kind === 'likelihood',
    send: (prompts: readonly TargetPrompt[]) =>
      needed(model, 'likelihood').likelihoods(prompts, { signal, limits }),
    read: (batch: LikelihoodBatch, row: number) => {
      const logProbabilities = Array.from(batch.logProbabilities[row]!);
      if (!logProbabilities.every(Number.isFinite)) throw noNumber('The likelihood that the model gave');
      return { kind: 'likelihood', logProbabilities } as const;
    },
  };
  return askBy(way, questions, context);
}
