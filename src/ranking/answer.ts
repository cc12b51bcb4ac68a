/**
 * What a model answered, as it is cached, kept by the page and sent between workers: a union by kind. Label
 * logits have no tag. They are by far the most (9,900 for all pairs of 100 passages), and those kept by versions
 * that knew no other kind have none either.
 */
import type { Truncation } from '../inference/scorer.ts';
import { isCount } from '../json-checks.ts';

interface AnswerBase {
  /** The cache key (cache-key.ts). */
  readonly key: string;
  /** Input tokens, and this prompt's milliseconds, of when it was asked. */
  readonly tokens: number;
  readonly ms: number;
  /** What was cut, by words and by tokens; absent when nothing was. */
  readonly cuts?: readonly Truncation[];
}

export interface LogitsAnswer extends AnswerBase {
  readonly kind?: undefined;
  /** Logits of the template's labels, in their order. */
  readonly logits: readonly number[];
  /** Log-sum-exp over the vocabulary, where it was asked for. */
  readonly logSumExp?: number;
}

/** How likely a given text is after the prompt. */
export interface LikelihoodAnswer extends AnswerBase {
  readonly kind: 'likelihood';
  /** Natural logarithms of the probabilities of the text's tokens, each after those before it. */
  readonly logProbabilities: readonly number[];
}

/** What the model wrote. */
export interface TextAnswer extends AnswerBase {
  readonly kind: 'text';
  readonly text: string;
  /** False where the limit on new tokens cut it off. */
  readonly ended: boolean;
  /** Tokens that were written, the end token included; absent in what was kept before they were counted. */
  readonly written?: number;
}

/** An order that a ranker gave of the passages it was shown. */
export interface RankingAnswer extends AnswerBase {
  readonly kind: 'ranking';
  /** Positions in what was shown, from 0, best first. */
  readonly order: readonly number[];
  /** scores[i] belongs to order[i]; absent where it gave none. */
  readonly scores?: readonly number[];
}

export type CachedAnswer = LogitsAnswer | LikelihoodAnswer | TextAnswer | RankingAnswer;

export const isLogits = (answer: CachedAnswer): answer is LogitsAnswer => answer.kind === undefined;

/** Whether something that was stored or sent is an answer. Nothing else is let into a cache. */
export function isAnswer(value: unknown): value is CachedAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { key, tokens, ms, cuts } = value as Fields;
  if (typeof key !== 'string' || !Number.isFinite(tokens) || !Number.isFinite(ms)) return false;
  return (cuts === undefined || (Array.isArray(cuts) && cuts.every(isCut))) && hasContent(value as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function hasContent(answer: Fields): boolean {
  switch (answer.kind as CachedAnswer['kind']) {
    case undefined:
      return areNumbers(answer.logits) && isOptional(answer.logSumExp, Number.isFinite);
    case 'likelihood':
      return areNumbers(answer.logProbabilities);
    case 'text':
      return (
        typeof answer.text === 'string' &&
        typeof answer.ended === 'boolean' &&
        isOptional(answer.written, isCount)
      );
    case 'ranking':
      return isPermutation(answer.order) && isOptional(answer.scores, areNumbers);
    default:
      return false;
  }
}

const isOptional = (value: unknown, check: (value: unknown) => boolean): boolean =>
  value === undefined || check(value);

const areNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(Number.isFinite);

const isPermutation = (value: unknown): boolean =>
  areNumbers(value) && value.toSorted((a, b) => a - b).every((position, i) => position === i);

function isCut(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { slot, kept, total } = value as Fields;
  return typeof slot === 'string' && Number.isFinite(kept) && Number.isFinite(total);
}
