import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import type { CardTemplate } from '../../src/checkpoint/ranker-card.ts';
import { RELEVANCE, STUDENT } from '../../src/ranking/presets.ts';
import type { Prepared } from './prepare.ts';
import { readDistillRecipe } from './recipe.ts';
import { storyOf } from './stage-evaluate.ts';

/** A base with this role, trained on these wordings. */
const base = (role: 'student' | 'teacher', ...templates: CardTemplate[]) =>
  ({ card: { role, templates } }) as unknown as Prepared['base'];
const storyFrom = (one: Prepared['base']) => storyOf({ base: one, studentTemplate: STUDENT });

describe('storyOf', () => {
  it('calls an already distilled start what it is, and counts what this training added to it', () => {
    const { rows, pairs, tau } = storyFrom(base('student', STUDENT));
    expect(rows.control).toBe('start: the already distilled student');
    expect(pairs[0]).toEqual(['student', rows.control]);
    expect(tau.pairs[0]).toEqual(['student', rows.control]);
  });

  it.each([
    ['never saw the student’s prompt', base('teacher', RELEVANCE)],
    ['may not have been trained on it', base('teacher', RELEVANCE, { ...STUDENT, trained: false })],
  ])('counts no distance to a base that %s', (_, one) => {
    const { rows, pairs, tau } = storyFrom(one);
    expect(rows.control).toBe('base under the student’s prompt (control)');
    expect([...pairs, ...tau.pairs].flat()).not.toContain(rows.control);
    expect(pairs).toContainEqual(['student', rows.relevance]);
  });

  it('compares with a start that knows the prompt but is no student', () => {
    const { rows, pairs } = storyFrom(base('teacher', RELEVANCE, STUDENT));
    expect(rows.control).toBe('start: base under the student’s prompt');
    expect(pairs).toContainEqual(['student', rows.control]);
  });

  it('names the start of the shipped recipe “small” as the distilled student that it is', async () => {
    const { student } = await readDistillRecipe('small', { input: '/data/x' });
    const file = fileURLToPath(new URL(`file://${student.checkpoint}/ranker.json`));
    const card = parseRankerCard(readFileSync(file, 'utf8'), file);
    const story = storyOf({ base: { card } as unknown as Prepared['base'], studentTemplate: STUDENT });
    expect(story.rows.control).toBe('start: the already distilled student');
  });
});
