import { describe, expect, it } from 'vitest';
import { MONO_T5, PRP, RELEVANCE, STUDENT } from '../ranking/presets.ts';
import { type FitCard, fitOf, labelNotes } from './fit.ts';
import type { CardTemplate } from './ranker-card.ts';

const digest = (letter: string) => ({ bytes: 1, sha256: letter.repeat(64) });
const card = (
  name: string,
  role: FitCard['role'],
  templates: readonly CardTemplate[],
  tokenizer = 'a',
): FitCard => ({ name, role, templates, files: { 'tokenizer.json': digest(tokenizer) } });
const untrained = (...templates: readonly CardTemplate[]) =>
  templates.map((template) => ({ ...template, trained: false }));

const student = card('A student', 'student', [STUDENT]);
const teacher = card('A teacher', 'teacher', [PRP, RELEVANCE]);
const flan = card('flan-t5-small', 'teacher', untrained(PRP, RELEVANCE, STUDENT));
const unknown = card('t5-v1_1', 'base', untrained(PRP, RELEVANCE, STUDENT));
const mono = card('monot5-base', 'base', [MONO_T5]);
const codes = (...args: Parameters<typeof fitOf>) =>
  fitOf(...args).map(({ level, code }) => `${level} ${code}`);

describe('what people are told of a checkpoint in a column', () => {
  it('is nothing where it was made for it', () => {
    expect(fitOf('student', student, teacher)).toEqual([]);
    expect(fitOf('teacher', teacher, student)).toEqual([]);
    expect(fitOf('teacher', flan, student)).toEqual([]);
    for (const any of [teacher, flan, unknown]) expect(fitOf('base', any)).toEqual([]);
  });

  it('doubts a base or a teacher offered as student', () => {
    expect(codes('student', teacher)).toEqual(['doubt not-a-student']);
    expect(fitOf('student', teacher)[0]!.text).toMatch(
      /nothing was distilled into it. It is asked “Relevance/,
    );
    expect(codes('student', flan)).toEqual(['doubt not-a-student']);
    expect(fitOf('student', unknown)[0]!.text).toMatch(/never trained to score a passage by one word/);
  });

  it('doubts a student offered as teacher, and a model without a wording for pairs', () => {
    expect(fitOf('teacher', student)[0]!.text).toMatch(/A student is a student: .* decide nearly at random/);
    expect(codes('teacher', { ...student, templates: [STUDENT, ...untrained(PRP)] })).toEqual([
      'doubt not-a-teacher',
    ]);
    expect(codes('teacher', mono)).toEqual(['doubt no-pairwise']);
    expect(codes('teacher', { ...student, templates: [STUDENT, PRP] })).toEqual([]);
  });

  it('says how monoT5 is asked, and that another tokenizer is fine', () => {
    expect(codes('student', mono)).toEqual(['fine true-or-false']);
    const other = card('Another', 'student', [STUDENT], 'b');
    expect(codes('student', other, teacher)).toEqual(['fine tokenizer']);
    expect(codes('teacher', { ...mono, files: { 'tokenizer.json': digest('b') } }, student)).toEqual([
      'doubt no-pairwise',
      'fine tokenizer',
    ]);
    expect(fitOf('student', { ...other, files: {} }, teacher)).toEqual([]);
  });

  it('names labels that cannot be told from the model’s tokens', () => {
    const ids: Record<string, number> = { Yes: 1, No: 2, yes: 1 };
    const labelId = (label: string) => {
      if (label in ids) return ids[label]!;
      throw new Error('two tokens');
    };
    expect(labelNotes(['Yes', 'No'], 'X', labelId)).toEqual([]);
    expect(labelNotes(['relevant', 'No'], 'X', labelId)[0]!.text).toMatch(
      /“relevant” is not a single token for X/,
    );
    expect(labelNotes(['Yes', 'yes'], 'X', labelId)[0]!.text).toMatch(/“Yes” and “yes” are the same token/);
  });
});
