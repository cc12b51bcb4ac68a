/**
 * The comparison cache: every answer a model gave, by everything the answer depends on. A run that
 * was cancelled, a change of schedule, an edit of one passage ask only what is new.
 */
import { RankscopeError } from '../errors.ts';
import { type CachedAnswer, isAnswer, isLogits } from './answer.ts';

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
      if (!isAnswer(answer)) {
        throw new RankscopeError(
          'bad-input',
          `Saved answer ${position} is damaged: it needs a key, tokens, ms and finite logits (or what its kind has in their place). Export the answers again.`,
          { position },
        );
      }
      const own = this.#answers.get(answer.key);
      if (own && knowsMore(own, answer)) continue;
      this.#answers.set(answer.key, answer);
    }
  }
}

/** Whether an answer has the log-sum-exp, and another to the same question lacks it. */
const knowsMore = (one: CachedAnswer, other: CachedAnswer): boolean =>
  isLogits(one) && isLogits(other) && one.logSumExp !== undefined && other.logSumExp === undefined;
