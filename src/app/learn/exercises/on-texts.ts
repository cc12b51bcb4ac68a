/** Exercises on the passages of lesson 1. */

import { PASSAGES, QUERY } from '../bm25/example.ts';
import { explain, LESSON_PARAMS } from '../bm25/model.ts';
import { letterOf } from '../bm25/state.ts';
import { fixed } from '../frame/numbers.ts';
import type { Exercise } from './exercise.ts';

/** The passage whose sum is asked for, and the word whose idf is. */
const PASSAGE = 2;
const WORD = 'brakes';

export function textExercises(): readonly Exercise[] {
  const { k1, b } = LESSON_PARAMS;
  const explained = explain(PASSAGES, QUERY, LESSON_PARAMS);
  const term = explained.terms.find(({ word }) => word === WORD)!;
  const passage = explained.passages[PASSAGE]!;
  const part = passage.parts.find((one) => one.term === term.term)!;
  const n = PASSAGES.length;
  return [
    {
      lesson: 'bm25',
      question: `“${WORD}” occurs in ${term.matching} of ${n} passages. What is its idf, ln(1 + (N − n + ½) / (n + ½)), for n of N passages?`,
      answer: () => [
        `ln(1 + (${n} − ${term.matching} + 0.5) / (${term.matching} + 0.5)) = ${fixed(term.idf, 3)}`,
      ],
    },
    {
      lesson: 'bm25',
      question: `Passage ${letterOf(PASSAGE)} has ${passage.length} words, the average is ${fixed(explained.averageLength, 1)}; “${WORD}” occurs in it ${part.frequency} times. What does “${WORD}” add to its score, with k1 = ${k1} and b = ${b}?`,
      answer: () => [
        `Length factor: 1 − ${b} + ${b} · ${passage.length} / ${fixed(explained.averageLength, 1)} = ${fixed(passage.lengthFactor, 3)}`,
        `Saturation: ${part.frequency} · (${k1} + 1) / (${part.frequency} + ${k1} · ${fixed(passage.lengthFactor, 3)}) = ${fixed(part.saturation, 3)}`,
        `Times idf ${fixed(term.idf, 3)}: ${fixed(part.contribution, 3)}`,
      ],
    },
  ];
}
