/** Over many queries: how often a model's ranking is not an answer (src/ranking/doubts.ts), as warnings. */
import { doubtAcross, doubtReason } from '../../src/ranking/doubt-words.ts';
import { type DoubtKind, findDoubt } from '../../src/ranking/doubts.ts';
import type { MethodId } from '../../src/ranking/methods/registry.ts';
import { count } from '../cli/progress.ts';
import type { QueryResult } from './rank-query.ts';

const INPUT = 'the first stage';
/** A model may agree with the first stage in a query; in this share of them it hardly ranks. */
const SAME_ORDER_SHARE = 0.5;

/** The doubt about one query's ranking; none about one that was not finished. */
export function doubtOf(method: MethodId, result: QueryResult): DoubtKind | undefined {
  return result.state === 'done' ? findDoubt({ method, ...result })?.kind : undefined;
}

export class DoubtTally {
  #queries = 0;
  readonly #doubts = new Map<DoubtKind, number>();

  /** One query that was ranked. */
  add(doubt: DoubtKind | undefined): void {
    this.#queries++;
    if (doubt) this.#doubts.set(doubt, (this.#doubts.get(doubt) ?? 0) + 1);
  }

  /**
   * A warning for each kind of doubt, with why it may be.
   * @param trained whether the checkpoint was trained on the wording; absent: not known
   * @param name of what was ranked, where there are several
   */
  warnings(trained?: boolean, name?: string): string[] {
    const found = [...this.#doubts].filter(
      ([kind, times]) => kind !== 'same-order' || times > SAME_ORDER_SHARE * this.#queries,
    );
    return found.map(([kind, times]) => {
      const where = this.#queries === 1 ? '' : `in ${count(times)} of ${count(this.#queries)} queries `;
      const reason = doubtReason(kind, { input: INPUT, trained });
      return `Warning: ${name === undefined ? '' : `${name}: `}${where}${doubtAcross(kind, INPUT)}. ${reason}`;
    });
  }
}
