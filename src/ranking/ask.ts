/**
 * Asking a scorer through the comparison cache: the one place where pointwise and pairwise methods
 * meet a model. What is known is not asked, what is asked is kept before anyone sees it, and both
 * are counted.
 */
import { isAbort, RankscopeError, throwIfCancelled } from '../errors.ts';
import type { PromptLimits, ScoredBatch, Scorer, Truncation } from '../inference/scorer.ts';
import { type CachedAnswer, isLogits, type LogitsAnswer } from './answer.ts';
import type { ComparisonCache } from './cache.ts';
import { mergeCuts, type RenderedPrompt } from './render.ts';

export interface Question {
  readonly key: string;
  /** Called only when the answer is not known. */
  render(): RenderedPrompt;
}

/** The answer to `questions[index]`. When `cached`, tokens and ms are those of when it was asked. */
export interface Answer extends Omit<LogitsAnswer, 'key' | 'kind' | 'cuts'> {
  readonly index: number;
  readonly cached: boolean;
  readonly cuts: readonly Truncation[];
}

export interface AskContext {
  readonly scorer: Scorer;
  readonly cache: ComparisonCache;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<PromptLimits>;
  readonly logSumExp?: boolean;
  /** Counted up while asking. */
  readonly counts: { asked: number; cached: number; tokens: number };
}

/**
 * Yields the answers to all questions, each exactly once: first what the cache knows, in one batch,
 * then the scorer's batches as they finish. Questions with the same key are asked once; the others
 * of them come with the same batch as `cached`. Every answer is in the cache before it is yielded.
 * Throws 'cancelled' before and between batches, 'device' on logits that are not numbers.
 */
export async function* ask(questions: readonly Question[], context: AskContext): AsyncGenerator<Answer[]> {
  throwIfCancelled(context.signal);
  const { cache, counts } = context;
  const known: Answer[] = [];
  const open = new Map<string, number[]>();
  questions.forEach(({ key }, index) => {
    const answer = cache.get(key);
    const waiting = open.get(key);
    if (answer && answersLogits(answer, context.logSumExp)) known.push(toAnswer(answer, index, true));
    else if (waiting) waiting.push(index);
    else open.set(key, [index]);
  });
  if (known.length > 0) {
    counts.cached += known.length;
    yield known;
    throwIfCancelled(context.signal);
  }
  if (open.size > 0) yield* askScorer(questions, [...open.values()], context);
}

/** `groups`: indices of questions with the same key; the first of each is asked. */
async function* askScorer(
  questions: readonly Question[],
  groups: readonly (readonly number[])[],
  context: AskContext,
): AsyncGenerator<Answer[]> {
  const { scorer, cache, counts, signal, limits, logSumExp } = context;
  const prompts = groups.map((group) => questions[group[0]!]!.render());
  const left = new Set(prompts.keys());
  try {
    for await (const batch of scorer.score(prompts, { signal, limits, logSumExp })) {
      const answers: Answer[] = [];
      const cuts = new Map(batch.truncations);
      for (const [row, prompt] of batch.indices.entries()) {
        if (!left.delete(prompt)) throw brokenScorer(`yielded prompt ${prompt} twice or never had it`);
        const [first, ...same] = groups[prompt]!;
        const answer = readRow(batch, row, questions[first!]!.key, prompts[prompt]!, cuts.get(row));
        cache.set(answer);
        counts.asked += 1;
        counts.tokens += answer.tokens;
        counts.cached += same.length;
        answers.push(toAnswer(answer, first!, false));
        for (const index of same) answers.push(toAnswer(answer, index, true));
      }
      yield answers;
      throwIfCancelled(signal);
    }
  } catch (error) {
    // Scorers may let an AbortError through; people and tests know one kind of cancel only.
    if (isAbort(error)) throw new RankscopeError('cancelled', 'Cancelled.');
    throw error;
  }
  if (left.size > 0) throw brokenScorer(`left ${left.size} of ${prompts.length} prompts unanswered`);
}

/** Whether a cached answer will do where label logits are asked. */
export const answersLogits = (answer: CachedAnswer, withLogSumExp = false): answer is LogitsAnswer =>
  isLogits(answer) && (answer.logSumExp !== undefined || !withLogSumExp);

function toAnswer(answer: LogitsAnswer, index: number, cached: boolean): Answer {
  const { logits, logSumExp, tokens, ms, cuts = [] } = answer;
  return { index, logits, logSumExp, tokens, ms, cached, cuts };
}

function readRow(
  batch: ScoredBatch,
  row: number,
  key: string,
  prompt: RenderedPrompt,
  byTokens: readonly Truncation[] = [],
): LogitsAnswer {
  const width = prompt.labels.length;
  if (batch.logits.length !== batch.indices.length * width) {
    throw brokenScorer(`gave ${batch.logits.length} logits for ${batch.indices.length} × ${width} labels`);
  }
  const logits = prompt.labels.map((_, label) => batch.logits[row * width + label]!);
  if (!logits.every(Number.isFinite)) {
    throw new RankscopeError(
      'device',
      `The model’s answer for label “${prompt.labels[logits.findIndex((logit) => !Number.isFinite(logit))]}” is not a number. Try another dtype or device, or load the checkpoint again.`,
    );
  }
  const cuts = mergeCuts(prompt.cuts, byTokens);
  const logSumExp = batch.logSumExp?.[row];
  if (logSumExp !== undefined && !Number.isFinite(logSumExp)) {
    throw new RankscopeError(
      'device',
      'The model’s answer over its whole vocabulary is not a number. Try another dtype or device, or load the checkpoint again.',
    );
  }
  return {
    key,
    logits,
    ...(logSumExp !== undefined && { logSumExp }),
    tokens: batch.tokens[row] ?? 0,
    ms: batch.ms / batch.indices.length,
    ...(cuts.length > 0 && { cuts }),
  };
}

function brokenScorer(what: string): RankscopeError {
  return new RankscopeError('internal', `The scorer ${what}. This is a bug in Rankscope: please report it.`);
}
