/** Asking a service for an order of passages at once. */
import type { RemoteRanking } from '../inference/ranker-model.ts';
import type { AnsweredBatch } from '../inference/scorer.ts';
import type { CachedAnswer, RankingAnswer } from './answer.ts';
import { type Answer, type AskContext, askBy, brokenModel, type Question } from './ask.ts';
import { needed } from './needs.ts';
import type { RenderedPrompt } from './render.ts';

/** What is sent: no wording of ours. */
export interface RankingPrompt extends RenderedPrompt {
  readonly query: string;
  readonly passages: readonly string[];
}

/** For `createKeys`: what an answer depends on beside query and passages. */
export const RANKING_KEY_PARTS: readonly string[] = ['ranking'];

interface RankingBatch extends AnsweredBatch {
  readonly ranking: RemoteRanking;
}

/** As `askBy`, one request a question. The questions' keys must be made with `RANKING_KEY_PARTS`. */
export function askRanking(
  questions: readonly Question<RankingPrompt>[],
  context: AskContext,
): AsyncGenerator<Answer<RankingAnswer>[]> {
  const { model, signal } = context;
  const way = {
    accepts: (answer: CachedAnswer): answer is RankingAnswer => answer.kind === 'ranking',
    async *send(prompts: readonly RankingPrompt[]): AsyncGenerator<RankingBatch> {
      for (const [i, { query, passages }] of prompts.entries()) {
        const ranking = await needed(model, 'remote').rerank(query, passages, { signal });
        const { tokens, ms } = ranking;
        yield { ranking, indices: Int32Array.of(i), tokens: Int32Array.of(tokens), ms, truncations: [] };
      }
    },
    read({ ranking: { order, scores } }: RankingBatch, _row: number, { passages }: RankingPrompt) {
      if (order.length !== passages.length || new Set(order).size !== passages.length) {
        throw brokenModel(`ranked ${order.length} of ${passages.length} passages`);
      }
      return scores === undefined
        ? ({ kind: 'ranking', order } as const)
        : ({ kind: 'ranking', order, scores } as const);
    },
  };
  return askBy(way, questions, context);
}
