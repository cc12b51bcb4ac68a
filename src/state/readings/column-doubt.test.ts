import { afterEach, describe, expect, it } from 'vitest';
import { useCorpus } from '../corpus/corpus.ts';
import { useModels } from '../models/models.ts';
import { useSettings } from '../settings.ts';
import { column, openReady, settled, type World, type WorldOptions } from '../testing/world.ts';
import { columnDoubt } from './column-doubt.ts';

let world: World;
afterEach(() => world.stop());

async function rankedBy(
  student: NonNullable<WorldOptions['controls']>['student'],
  teacher: NonNullable<WorldOptions['controls']>['teacher'],
  text?: string,
): Promise<void> {
  world = await openReady({ controls: { student: student ?? {}, teacher: teacher ?? {} } });
  if (text !== undefined) useCorpus.getState().setText(text);
  world.rank();
  await settled();
}
const doubt = (id: 'student' | 'teacher') => columnDoubt(column(id), useModels.getState().slots[id].ready);
const TEN = Array.from({ length: 10 }, (_, i) => `apple number ${i} ${'x'.repeat(i)}`).join('\n');

describe('a column whose model answers nothing', () => {
  it('says that all scores are alike, and that one place in the prompt always wins', async () => {
    await rankedBy({ answer: () => [1] }, { answer: () => [1, 0] }, TEN);
    expect(doubt('student')?.text).toBe(
      'All 10 passages got the same score, so the order is still that of BM25.',
    );
    expect(doubt('teacher')?.text).toMatch(/^The passage shown first won all 90 comparisons/);
    expect(doubt('teacher')?.reason).toMatch(/wrong checkpoint/);
  });

  it('knows a prompt that the model was not trained on, and passages that are all the same', async () => {
    await rankedBy({ answer: () => [1] }, {}, TEN);
    const custom = { ...column('student').template!, id: 'own', text: 'Is {passage} about {query}? Say so.' };
    useSettings.getState().saveTemplate('student', custom);
    world.rank();
    await settled();
    expect(doubt('student')?.reason).toBe('The model was not trained on this prompt.');
    world.stop();
    await rankedBy({}, {}, 'p1\tan apple\np2\tan apple\np3\tan apple');
    expect(doubt('student')?.reason).toBe('All passages have the same text.');
  });

  it('is silent about models that answer, before the end and about BM25', async () => {
    await rankedBy({}, {}, TEN);
    expect(doubt('student')).toBeNull();
    expect(doubt('teacher')).toBeNull();
    expect(columnDoubt(column('bm25'), null)).toBeNull();
    expect(columnDoubt({ ...column('student'), state: 'cancelled' }, null)).toBeNull();
  });
});
