/**
 * Asking a model through the comparison cache: the one place where methods meet a model. What is known is not
 * asked, what is asked is kept before anyone sees it, and both are counted. What kind of answer is asked for is
 * said by a `Way` (ask-logits.ts, ask-text.ts, ask-likelihood.ts).
 */
import { isAbort, RankscopeError, throwIfCancelled } from '../errors.ts';
import type { RankerModel } from '../inference/ranker-model.ts';
import type { AnsweredBatch, PromptLimits, Truncation } from '../inference/scorer.ts';
import type { CachedAnswer } from './answer.ts';
import type { ComparisonCache } from './cache.ts';
import { mergeCuts, type RenderedPrompt } from './render.ts';
import type { AnswerCost } from './types.ts';

export interface Question<P extends RenderedPrompt = RenderedPrompt> {
  readonly key: string;
  /** Called only when the answer is not known. */
  render(): P;
}

/** The answer to `questions[index]`. When `cached`, tokens and ms are those of when it was asked. */
export interface Answer<A extends CachedAnswer> {
  readonly index: number;
  readonly cached: boolean;
  readonly answer: A;
}

/** What every answer cost, as events carry it. */
export function costOf({ answer, cached }: Answer<CachedAnswer>): AnswerCost {
  const { tokens, ms, cuts = NO_CUTS } = answer;
  const outputs = outputsOf(answer);
  // As for answers: logits come by the ten thousand.
  return outputs === undefined ? { tokens, ms, cached, cuts } : { tokens, outputs, ms, cached, cuts };
}

function outputsOf(answer: CachedAnswer): number | undefined {
  if (answer.kind === 'likelihood') return answer.logProbabilities.length;
  return answer.kind === 'text' ? answer.written : undefined;
}

const NO_CUTS: readonly Truncation[] = [];

export interface AskContext {
  readonly model: RankerModel;
  readonly cache: ComparisonCache;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<PromptLimits>;
  readonly logSumExp?: boolean;
  /** Counted up while asking. */
  readonly counts: { asked: number; cached: number; tokens: number; padded?: number };
}

/** One kind of question. */
export interface Way<P extends RenderedPrompt, A extends CachedAnswer, B extends AnsweredBatch> {
  /** Whether a cached answer will do. */
  accepts(answer: CachedAnswer): answer is A;
  /** Every prompt once, in batches. */
  send(prompts: readonly P[]): AsyncIterable<B>;
  /** What row `row` says of its prompt. @throws RankscopeError 'device' where it is no answer */
  read(batch: B, row: number, prompt: P): Omit<A, 'key' | 'tokens' | 'ms' | 'cuts'>;
}

/**
 * Yields the answers to all questions, each exactly once: first what the cache knows, in one batch,
 * then the model's batches as they finish. Questions with the same key are asked once; the others
 * of them come with the same batch as `cached`. Every answer is in the cache before it is yielded.
 * Throws 'cancelled' before and between batches, 'device' on answers that are none.
 */
export async function* askBy<P extends RenderedPrompt, A extends CachedAnswer, B extends AnsweredBatch>(
  way: Way<P, A, B>,
  questions: readonly Question<P>[],
  context: AskContext,
): AsyncGenerator<Answer<A>[]> {
  throwIfCancelled(context.signal);
  const { cache, counts } = context;
  const known: Answer<A>[] = [];
  const open = new Map<string, number[]>();
  questions.forEach(({ key }, index) => {
    const answer = cache.get(key);
    const waiting = open.get(key);
    if (answer && way.accepts(answer)) known.push({ index, cached: true, answer });
    else if (waiting) waiting.push(index);
    else open.set(key, [index]);
  });
  if (known.length > 0) {
    counts.cached += known.length;
    yield known;
    throwIfCancelled(context.signal);
  }
  if (open.size > 0) yield* askModel(way, questions, [...open.values()], context);
}

/** `groups`: indices of questions with the same key; the first of each is asked. */
async function* askModel<P extends RenderedPrompt, A extends CachedAnswer, B extends AnsweredBatch>(
  way: Way<P, A, B>,
  questions: readonly Question<P>[],
  groups: readonly (readonly number[])[],
  { cache, counts, signal }: AskContext,
): AsyncGenerator<Answer<A>[]> {
  const prompts = groups.map((group) => questions[group[0]!]!.render());
  const left = new Set(prompts.keys());
  try {
    for await (const batch of way.send(prompts)) {
      const answers: Answer<A>[] = [];
      if (batch.padded !== undefined) counts.padded = (counts.padded ?? 0) + batch.padded;
      const cutByTokens = new Map(batch.truncations);
      for (const [row, prompt] of batch.indices.entries()) {
        if (!left.delete(prompt)) throw brokenModel(`yielded prompt ${prompt} twice or never had it`);
        const [first, ...same] = groups[prompt]!;
        const cuts = mergeCuts(prompts[prompt]!.cuts, cutByTokens.get(row) ?? []);
        const bare = {
          key: questions[first!]!.key,
          ...way.read(batch, row, prompts[prompt]!),
          tokens: batch.tokens[row] ?? 0,
          ms: batch.ms / batch.indices.length,
        } as A;
        // Kept by the ten thousand: a field that is not there takes no room.
        const answer = cuts.length > 0 ? { ...bare, cuts } : bare;
        cache.set(answer);
        counts.asked += 1;
        counts.tokens += answer.tokens;
        counts.cached += same.length;
        answers.push({ index: first!, cached: false, answer });
        for (const index of same) answers.push({ index, cached: true, answer });
      }
      yield answers;
      throwIfCancelled(signal);
    }
  } catch (error) {
    // Models may let an AbortError through; people and tests know one kind of cancel only.
    if (isAbort(error)) throw new RankscopeError('cancelled', 'Cancelled.');
    throw error;
  }
  if (left.size > 0) throw brokenModel(`left ${left.size} of ${prompts.length} prompts unanswered`);
}

export function brokenModel(what: string): RankscopeError {
  return new RankscopeError('internal', `The model ${what}. This is a bug in Rankscope: please report it.`);
}

/** `what` begins the sentence: “The model’s answer …”. */
export const noNumber = (what: string): RankscopeError =>
  new RankscopeError(
    'device',
    `${what} is not a number. Try another dtype or device, or load the checkpoint again.`,
  );
