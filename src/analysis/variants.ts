/** One passage of a question in several versions, each asked in every order. */
import type { SingleAnswer, SingleQuestion } from '../ranking/questions.ts';

export interface VariantsSubject {
  readonly query: SingleQuestion['query'];
  readonly passages: SingleQuestion['passages'];
  /** The passage that varies: a position in `passages`. */
  readonly target: number;
  /** Each a permutation of positions in `passages`: `[[0, 1], [1, 0]]` for a pair, `[[0]]` for one passage. */
  readonly orders: readonly (readonly number[])[];
}

/** A question for every version of the target's text and every order: all orders of a version stand together. */
export function askVariants(
  { query, passages, target, orders }: VariantsSubject,
  texts: readonly string[],
): SingleQuestion[] {
  return texts.flatMap((text) => {
    const shown = passages.map((passage, i) => (i === target ? { title: passage.title, text } : passage));
    return orders.map((order) => ({ query, passages: order.map((i) => shown[i]!) }));
  });
}

/**
 * What the answer says for the target in an order: the higher, the better for it. Its numbers are the logits of the labels, or,
 * where a likelihood was asked for, the log-probabilities of the target's tokens.
 */
export type MeasureAnswer = (numbers: readonly number[], order: number) => number;

/** Reads an answer by version and order; NaN where it is not there yet. */
export const variantReader =
  (orders: number, answers: readonly (SingleAnswer | undefined)[], measure: MeasureAnswer) =>
  (variant: number, order: number): number => {
    const answer = answers[variant * orders + order];
    return answer ? measure(answer.logProbabilities ?? answer.logits, order) : Number.NaN;
  };
