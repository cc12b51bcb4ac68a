/**
 * Single questions asked outside a ranking: asking a decision again with other words, leaving sentences out, probing.
 * Nothing is taken from the comparison cache and nothing is put there: whoever asks again wants a new answer.
 */
import { RankscopeError } from '../errors.ts';
import type { RankerModel } from '../inference/ranker-model.ts';
import type { PromptLimits, Truncation } from '../inference/scorer.ts';
import type { Passage, Query } from '../types.ts';
import type { AskContext } from './ask.ts';
import { askLikelihood } from './ask-likelihood.ts';
import { askLogits } from './ask-logits.ts';
import { askRelevance } from './ask-relevance.ts';
import { ComparisonCache } from './cache.ts';
import { type RenderedPrompt, renderPrompt, targetText } from './render.ts';
import { type PromptTemplate, passagesShown, type TemplateOf } from './template.ts';

export interface SingleQuestion {
  readonly query: Pick<Query, 'text'>;
  /** One passage for a pointwise template; for a pairwise one the passages shown as A and as B; else those shown, in order. */
  readonly passages: readonly Pick<Passage, 'title' | 'text'>[];
}

export interface QuestionsJob {
  readonly template: PromptTemplate;
  readonly questions: readonly SingleQuestion[];
  readonly limits?: Partial<PromptLimits>;
  /** Ask for the log-sum-exp over the vocabulary too: how much probability the labels have at all. */
  readonly logSumExp?: boolean;
}

export interface SingleAnswer {
  /** Position in `questions`. */
  readonly index: number;
  /** Logits of the template's labels, in their order; none where it has no labels. */
  readonly logits: readonly number[];
  /** Of a likelihood template: natural logarithms of the probabilities of the target's tokens, each after those before it. */
  readonly logProbabilities?: readonly number[];
  readonly logSumExp?: number;
  readonly tokens: number;
  /** This prompt's share of its batch's time. */
  readonly ms: number;
  readonly cuts: readonly Truncation[];
}

/**
 * Asks every question once, in batches as the model likes.
 * @throws RankscopeError 'cancelled' between batches; 'bad-input' where query and wording leave no room for passages
 * @example for await (const answers of askQuestions({ template: PRP, questions }, scorer)) show(answers)
 */
export async function* askQuestions(
  job: QuestionsJob,
  model: RankerModel,
  signal?: AbortSignal,
): AsyncGenerator<SingleAnswer[]> {
  const { limits, logSumExp } = job;
  const prompts = promptsOf(job);
  const counts = { asked: 0, cached: 0, tokens: 0 };
  const context = { model, cache: new ComparisonCache(), signal, limits, logSumExp, counts };
  if (job.template.kind === 'likelihood') {
    yield* askTargets(job, job.template, prompts, context);
    return;
  }
  const questions = prompts.map((prompt, index) => ({ key: String(index), render: () => prompt }));
  const ask = job.template.kind === 'relevance' ? askRelevance : askLogits;
  for await (const answers of ask(questions, context)) {
    yield answers.map(({ index, answer: { logits, logSumExp, tokens, ms, cuts = [] } }) => ({
      index,
      logits,
      logSumExp,
      tokens,
      ms,
      cuts,
    }));
  }
}

/** How likely each question's target is after its prompt. */
async function* askTargets(
  { questions }: QuestionsJob,
  template: TemplateOf<'likelihood'>,
  prompts: readonly RenderedPrompt[],
  context: AskContext,
): AsyncGenerator<SingleAnswer[]> {
  const asked = prompts.map((prompt, index) => ({
    key: String(index),
    render: () => ({ ...prompt, target: targetText(template, questions[index]!.query) }),
  }));
  for await (const answers of askLikelihood(asked, context)) {
    yield answers.map(({ index, answer: { logProbabilities, tokens, ms, cuts = [] } }) => ({
      index,
      logits: [],
      logProbabilities,
      tokens,
      ms,
      cuts,
    }));
  }
}

/** The questions as prompts. @throws RankscopeError 'bad-input' for the wrong number of passages. */
export function promptsOf({ template, questions, limits }: QuestionsJob): RenderedPrompt[] {
  const { least, most } = passagesShown(template);
  return questions.map(({ query, passages }) => {
    if (passages.length < least || passages.length > most) {
      const wanted = least === most ? `${least}` : `${least} or more`;
      throw new RankscopeError(
        'bad-input',
        `The template “${template.id}” asks about ${wanted} passage${most === 1 ? '' : 's'} at a time, not ${passages.length}.`,
      );
    }
    return renderPrompt(template, query, passages, limits);
  });
}
