/** A decision in words, for screen readers, titles and the dialog. */
import type { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import type { Decision } from '../../ranking/types.ts';

/** P(A) of a decision from its two logits. */
export const probabilityOfA = ({ logitA, logitB }: Pick<Decision, 'logitA' | 'logitB'>): number =>
  1 / (1 + Math.exp(logitB - logitA));

/** `.83`; `1.00` and `.00` only where it is that near. */
export const shortProbability = (p: number): string => p.toFixed(2).replace(/^0/, '');

/** Whether both orders were asked and do not say the same. */
export function contradicts(matrix: DecisionMatrix, a: number, b: number): boolean {
  const one = matrix.at(a, b);
  const other = matrix.at(b, a);
  return one !== undefined && other !== undefined && one.preference + other.preference !== 1;
}

/** What a cell says: who was shown first, who won, how surely, and whether the other order agrees. */
export function decisionInWords(
  matrix: DecisionMatrix,
  a: number,
  b: number,
  idOf: (position: number) => string,
): string {
  const decision = matrix.at(a, b);
  const asked = `${idOf(a)} as A, ${idOf(b)} as B`;
  if (!decision) return `${asked}: not asked`;
  const winner =
    decision.preference === 0.5 ? 'equal' : `${idOf(decision.preference === 1 ? a : b)} preferred`;
  const other = matrix.at(b, a);
  const agreement = other === undefined ? '' : contradicts(matrix, a, b) ? ', the other order disagrees' : '';
  return `${asked}: ${winner}, P(A) ${shortProbability(probabilityOfA(decision))}${agreement}`;
}
