/**
 * The comparison cache: every answer a model gave, by everything the answer depends on. A run that
 * was cancelled, a change of schedule, an edit of one passage ask only what is new.
 */
import { RankscopeError } from '../errors.ts';
import type { Truncation } from '../inference/scorer.ts';

/** One cached answer: the cache key and the logits, tokens and milliseconds of when it was asked. */
export interface CachedAnswer {
  readonly key: string;
  /** Logits of the template's labels, in their order. */
  readonly logits: readonly number[];
  /** Log-sum-exp over the vocabulary, where it was asked for. */
  readonly logSumExp?: number;
  readonly tokens: number;
  readonly ms: number;
  /** What was cut, by words and by tokens; absent when nothing was. */
  readonly cuts?: readonly Truncation[];
}

export class ComparisonCache {
  readonly #answers = new Map<string, CachedAnswer>();
  #fresh: CachedAnswer[] = [];

  constructor(known: Iterable<CachedAnswer> = []) {
    this.importAnswers(known);
  }

  get size(): number {
    return this.#answers.size;
  }

  get(key: string): CachedAnswer | undefined {
    return this.#answers.get(key);
  }

  /** Keeps an answer that was just asked; it is also handed out by the next `takeFresh`. */
  set(answer: CachedAnswer): void {
    this.#answers.set(answer.key, answer);
    this.#fresh.push(answer);
  }

  /** Answers set since the last call: what a worker sends to the page with a batch. */
  takeFresh(): readonly CachedAnswer[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  /** All answers, as plain data. */
  exportAnswers(): CachedAnswer[] {
    return [...this.#answers.values()];
  }

  /**
   * Takes answers over, e.g. from a file or from the page; they are not fresh. An answer that lacks
   * something (the log-sum-exp) never replaces one that has it. Throws 'bad-input' on malformed data.
   */
  importAnswers(answers: Iterable<CachedAnswer>): void {
    let position = 0;
    for (const answer of answers) {
      position++;
      if (!isCachedAnswer(answer)) {
        throw new RankscopeError(
          'bad-input',
          `Saved answer ${position} is damaged: it needs a key, finite logits, tokens and ms. Export the answers again.`,
          { position },
        );
      }
      const own = this.#answers.get(answer.key);
      if (own?.logSumExp !== undefined && answer.logSumExp === undefined) continue;
      this.#answers.set(answer.key, answer);
    }
  }

  clear(): void {
    this.#answers.clear();
    this.#fresh = [];
  }
}

function isCachedAnswer(value: unknown): value is CachedAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { key, logits, logSumExp, tokens, ms } = value as Partial<Record<keyof CachedAnswer, unknown>>;
  return (
    typeof key === 'string' &&
    Array.isArray(logits) &&
    logits.every((logit) => Number.isFinite(logit)) &&
    (logSumExp === undefined || Number.isFinite(logSumExp)) &&
    Number.isFinite(tokens) &&
    Number.isFinite(ms)
  );
}
