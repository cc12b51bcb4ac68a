/** A model for tests that gives no logits: it writes text, and says how likely a text is. */
import type { GeneratedBatch, LikelihoodBatch, RankerModel } from '../../inference/ranker-model.ts';
import type { AnsweredBatch, ScorerInfo } from '../../inference/scorer.ts';
import { promptText } from '../render.ts';
import { FakeScorer } from './fake-scorer.ts';

/**
 * @param write what it writes for a prompt's text, up to a stop text
 * @returns a model that gives −1, −2, … as log-probabilities of a target's words, and keeps what it was asked
 */
export function writerOf(write: (prompt: string) => string, info: Partial<ScorerInfo> = {}) {
  const asked: string[] = [];
  const batch = (prompts: readonly Parameters<typeof promptText>[0][]): AnsweredBatch => {
    const texts = prompts.map(promptText);
    asked.push(...texts);
    return {
      indices: Int32Array.from(texts.keys()),
      tokens: Int32Array.from(texts, (text) => text.length),
      ms: texts.length,
      truncations: [],
    };
  };
  return {
    info: new FakeScorer({ answer: () => [], info }).info,
    asked,
    async *generate(prompts, { stop = [] }): AsyncGenerator<GeneratedBatch> {
      const texts = prompts.map((prompt) =>
        stop.reduce((text, end) => text.split(end)[0]!, write(promptText(prompt))),
      );
      const newTokens = Int32Array.from(texts, (text) => text.split(' ').length);
      yield { ...batch(prompts), texts, newTokens, ended: texts.map(() => true) };
    },
    async *likelihoods(prompts): AsyncGenerator<LikelihoodBatch> {
      const logProbabilities = prompts.map(({ target }) =>
        Float32Array.from(target.split(' '), (_, i) => -1 - i),
      );
      yield { ...batch(prompts), logProbabilities };
    },
  } satisfies RankerModel & { readonly asked: readonly string[] };
}

/** A fake scorer that can write, judge pairs of texts and rank by itself as well, for tests of all methods: the last passage is its best. */
export const thatWrites = (scorer: FakeScorer, write: (prompt: string) => string = () => '[2] > [1]') => {
  const { generate, likelihoods } = writerOf(write);
  const rerank: NonNullable<RankerModel['rerank']> = (_, passages) =>
    Promise.resolve({ order: passages.map((_, i) => passages.length - 1 - i), tokens: 1, ms: 1 });
  const relevance: NonNullable<RankerModel['relevance']> = (prompts, options) =>
    scorer.score(prompts, options);
  return Object.assign(scorer, { generate, likelihoods, relevance, rerank });
};
