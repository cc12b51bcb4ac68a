/** Figures of single decisions, in few characters. */
import { probabilityOfA, shortProbability } from '../words.ts';

/** `+1.24`, `−0.30`, `0.00`: a logit difference, or how far it moved. */
export function signedFigure(value: number, digits = 2): string {
  const figure = Math.abs(value).toFixed(digits);
  if (Number(figure) === 0) return figure;
  return `${value < 0 ? '−' : '+'}${figure}`;
}

/** An answer to an ordered question: who wins, how surely. @param ids of the passages shown as A and as B */
export function answerInWords(
  [logitA, logitB]: readonly number[],
  [a, b]: readonly [string, string],
): string {
  const winner = logitA === logitB ? 'equal' : logitA! > logitB! ? a : b;
  return `${winner}, P(A) ${shortProbability(probabilityOfA({ logitA: logitA!, logitB: logitB! }))}`;
}

/** `2.31`, `−0.40`: a logit. */
export const plainFigure = (value: number, digits = 2): string => value.toFixed(digits).replace('-', '−');
