/** A duel in words: only what was answered and recorded. */
import type { DuelAgreement, DuelReason, DuelResult } from '../../analysis/duel.ts';
import { counted } from '../ui/numbers.ts';

/** Why a pair was chosen, and how the rule is told beforehand. */
export const reasonWords: Readonly<Record<DuelReason, { readonly rule: string; readonly pair: string }>> = {
  parted: { rule: 'teacher and student prefer different passages', pair: 'teacher and student differ' },
  contradictory: {
    rule: 'the teacher contradicts itself when the order is reversed',
    pair: 'the teacher contradicts itself',
  },
  narrow: { rule: 'the teacher’s call is narrow', pair: 'narrow call' },
  easy: { rule: 'the teacher is sure', pair: 'the teacher is sure' },
};

/** `6 of 8 (75 %)`; a dash where both never named a winner. */
export function sameWords({ same }: DuelAgreement): string {
  return same.of === 0 ? '–' : `${same.hits} of ${same.of} (${Math.round(100 * same.share)} %)`;
}

/** e.g. `People agree with the teacher on 6 of 8 pairs and with the student on 5 of 9.` */
export function duelSentence({ peopleTeacher, peopleStudent }: DuelResult, student: string): string {
  const sides: string[] = [];
  const add = (who: string, agreement: DuelAgreement | null): void => {
    if (!agreement || agreement.same.of === 0) return;
    const { hits, of } = agreement.same;
    sides.push(`with the ${who} on ${hits} of ${sides.length === 0 ? counted(of, 'pair') : of}`);
  };
  add('teacher', peopleTeacher);
  add(student, peopleStudent);
  if (sides.length === 0) return 'There is no pair yet in which both people and a model named a winner.';
  return `People agree ${sides.join(' and ')}.`;
}

/** What an agreement leaves out, and where people looked: sentences. */
export function duelNotes(result: DuelResult, student: string, room: number): string[] {
  const { answered, ties, first, passages, peopleStudent } = result;
  const notes = ['Only pairs in which both named a winner are counted.'];
  const without = [
    ties.people > 0 && `people ${ties.people}`,
    ties.teacher > 0 && `the teacher ${ties.teacher}`,
    ties.student > 0 && `the ${student} ${ties.student}`,
  ].filter(Boolean);
  if (without.length > 0)
    notes[0] = `Only pairs in which both named a winner are counted. Without a winner: ${without.join(', ')}, of ${answered}.`;
  if (first.of > 0) notes.push(`People chose passage A in ${first.hits} of ${first.of}.`);
  if (peopleStudent === null) notes.push(`There is no finished ${student} ranking to compare with.`);
  notes.push(
    `τ compares the orders of the ${counted(passages, 'passage')} shown; the people’s is by share of wins, from few pairs each.`,
  );
  if (room > answered) {
    notes.push(
      `The pairs were chosen because they tell the most, not at random: they say nothing about the other ${room - answered}.`,
    );
  }
  return notes;
}
