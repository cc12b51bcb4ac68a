import { expect, it } from 'vitest';
import { followPassage } from '../../../analysis/follow.ts';
import type { ComparingRun, PointwiseRun } from '../../../state/run/run.ts';
import { modelRunOf, setOf } from '../../../state/testing/runs.ts';
import type { Candidate } from '../../../types.ts';
import { ordinal, pairApart, pointsText, whyApart } from './apart.ts';

const IDS = ['p01', 'p02', 'p03'] as const;
const set = setOf(IDS.map((id, i): Candidate => ({ passage: { id, text: id }, rank: i + 1, score: 3 - i })));

/** The teacher's logit differences for the first of each pair shown as A, by `a b`. */
function teacherOf(margins: Readonly<Record<string, number>>, order: readonly number[]): ComparingRun {
  const run = modelRunOf('prp-allpair', set) as ComparingRun;
  run.matrix.put(
    Object.entries(margins).map(([pair, margin]) => {
      const [a, b] = pair.split(' ').map(Number) as [number, number];
      const preference = margin > 0 ? 1 : margin < 0 ? 0 : 0.5;
      return { a, b, logitA: margin, logitB: 0, preference, tokens: 1, ms: 1, cached: false, cuts: [] };
    }),
  );
  return { ...run, order };
}
const studentOf = (order: readonly number[], scores: readonly number[]): PointwiseRun => ({
  ...(modelRunOf('pointwise-yes', set) as PointwiseRun),
  order,
  scores,
});
const ALL = { '0 1': 1, '1 0': -2, '0 2': 3, '2 0': -1, '1 2': -1, '2 1': -1 };

it('says why two ranks differ, in measured figures', () => {
  const teacher = teacherOf(ALL, [0, 2, 1]);
  const followed = followPassage((a, b) => teacher.matrix.at(a, b), teacher.order, 0);
  expect(whyApart(followed, teacher, studentOf([1, 2, 0], [2, 1.5, 1]))).toBe(
    'The teacher ranks it 1st, the student 3rd: 2 passages the student has above it and the teacher below (the teacher gave it 4 of 4 points against them; their student logit is +0.50 to +1.00 beside its own).',
  );
  expect(whyApart(followed, teacher, studentOf([0, 1, 2], [2, 1, 0]))).toBe(
    'Both rank it 1st, with the same passages above it.',
  );
  const lower = followPassage((a, b) => teacher.matrix.at(a, b), [1, 0, 2], 0);
  expect(whyApart(lower, { ...teacher, order: [1, 0, 2] }, studentOf([0, 1, 2], [2, 1, 0]))).toContain(
    'one passage the teacher has above it and the student below (the teacher gave it 2 of 2 points against them; their student logit is −1.00 beside its own)',
  );
});

it('sets teacher and student side by side on a pair', () => {
  const teacher = teacherOf(ALL, [0, 2, 1]);
  const student = studentOf([1, 2, 0], [2, 1.5, 1]);
  expect(pairApart(teacher, student, [0, 1], ['p01', 'p02'])).toBe(
    'The teacher prefers p01 in both orders (mean logit difference 1.50); the student’s logit is 1.00 higher for p02, so they put this pair in opposite orders.',
  );
  expect(pairApart(teacher, student, [1, 2], ['p02', 'p03'])).toBe(
    'The teacher contradicts itself (logit differences −1.00 and +1.00 for p02); the student’s logit is 0.50 higher for p02, so only one of them decides this pair.',
  );
});

it('writes places and halves', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual(
    '1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th'.split(' '),
  );
  expect([0, 0.5, 1, 7.5].map(pointsText)).toEqual(['0', '½', '1', '7½']);
});
