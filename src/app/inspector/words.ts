/** A decision in words, for screen readers, titles and the dialog. */
import type { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import type { Decision } from '../../ranking/types.ts';

/** P(A) of a decision from its two logits. */
export const probabilityOfA = ({ logitA, logitB }: Pick<Decision, 'logitA' | 'logitB'>): number =>
  1 / (1 + Math.exp(logitB - logitA));

/** `.83`; `1.00` and `.00` only where it is that near. */
export const shortProbability = (p: number): string => p.toFixed(2).replace(/^0/, '');

type Answer = Pick<Decision, 'logitA' | 'logitB' | 'preference'>;

/** Whether two orders of a pair were asked and do not say the same. */
export const disagree = (one: Answer | undefined, other: Answer | undefined): boolean =>
  one !== undefined && other !== undefined && one.preference + other.preference !== 1;

/** Whether both orders were asked and do not say the same. */
export const contradicts = (matrix: DecisionMatrix, a: number, b: number): boolean =>
  disagree(matrix.at(a, b), matrix.at(b, a));

/**
 * What a cell says: who was shown first, who won, how surely, and whether the other order agrees.
 * @param a id of the passage asked as A
 * @param decision the call with a as A and b as B; undefined while not asked
 * @param other the call the other way round
 */
export function decisionInWords(
  a: string,
  b: string,
  decision: Answer | undefined,
  other: Answer | undefined,
): string {
  const asked = `${a} as A, ${b} as B`;
  if (!decision) return `${asked}: not asked`;
  const winner = decision.preference === 0.5 ? 'equal' : `${decision.preference === 1 ? a : b} preferred`;
  const agreement = disagree(decision, other) ? ', the other order disagrees' : '';
  return `${asked}: ${winner}, P(A) ${shortProbability(probabilityOfA(decision))}${agreement}`;
}
