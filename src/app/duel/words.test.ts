import { expect, it } from 'vitest';
import type { DuelAgreement, DuelResult } from '../../analysis/duel.ts';
import { shareOf } from '../../analysis/wilson.ts';
import { duelNotes, duelSentence, sameWords } from './words.ts';

const agreement = (hits: number, of: number): DuelAgreement => ({
  same: shareOf(hits, of),
  withoutWinner: 10 - of,
  tau: 0.5,
});
const result: DuelResult = {
  answered: 10,
  passages: 8,
  peopleTeacher: agreement(6, 8),
  peopleStudent: agreement(5, 9),
  teacherStudent: agreement(4, 9),
  first: shareOf(4, 9),
  ties: { people: 1, teacher: 1, student: 0 },
  rows: [],
};

it('says counts before shares, and what they leave out', () => {
  expect(duelSentence(result, 'student')).toBe(
    'People agree with the teacher on 6 of 8 pairs and with the student on 5 of 9.',
  );
  expect(sameWords(result.peopleTeacher)).toBe('6 of 8 (75 %)');
  const notes = duelNotes(result, 'student', 45).join(' ');
  expect(notes).toContain(
    'both named a winner are counted. Without a winner: people 1, the teacher 1, of 10.',
  );
  expect(notes).toContain('they say nothing about the other 35');
});

it('says nothing of a student that is not there, and nothing of pairs without a winner', () => {
  expect(duelSentence({ ...result, peopleStudent: null }, 'student')).toBe(
    'People agree with the teacher on 6 of 8 pairs.',
  );
  expect(duelNotes({ ...result, peopleStudent: null }, 'base', 10).join(' ')).toMatch(
    /no finished base ranking/,
  );
  const none = { ...result, peopleTeacher: agreement(0, 0), peopleStudent: null, first: shareOf(0, 0) };
  expect(duelSentence(none, 'student')).toMatch(/no pair yet/);
  expect(sameWords(none.peopleTeacher)).toBe('–');
  expect(duelNotes(none, 'student', 10).join(' ')).not.toMatch(/chose passage A|nothing follows/);
});
