import { describe, expect, it } from 'vitest';
import { type GradeTable, passageKey, queryKey } from '../grades.ts';
import { emptySlot, type ModelEntry, type ModelsState } from '../models/models.ts';
import { initialSettings } from '../settings.ts';
import { expectedOf } from './expected.ts';
import { callsOf, judgedQueries, roundsOf } from './plan.ts';

const entry = (role: ModelEntry['role']): ModelEntry => ({
  id: role,
  role,
  name: role,
  path: `${role}/`,
  bytes: 1,
});
const [teacher, student, base] = [entry('teacher'), entry('student'), entry('base')];
const named = (catalog: readonly ModelEntry[], studentMode: 'student' | 'base' = 'student') =>
  roundsOf({ ...initialSettings, studentMode }, catalog).map((round) =>
    round.map(({ method, slot, entry: { id } }) => `${method} in ${slot}: ${id}`),
  );

describe('roundsOf', () => {
  it('asks the base in the worker that holds its checkpoint, whatever the Base switch says', () => {
    const round = ['student in student: student', 'base in teacher: teacher', 'teacher in teacher: teacher'];
    expect(named([teacher, student])).toEqual([round]);
    expect(named([teacher, student], 'base')).toEqual([round]);
  });

  it('puts a base of its own into a round of its own', () => {
    expect(named([teacher, student, base])).toEqual([
      ['student in student: student', 'teacher in teacher: teacher'],
      ['base in student: base'],
    ]);
  });

  it('leaves out methods whose model is missing', () => {
    expect(named([])).toEqual([[]]);
  });
});

describe('judgedQueries', () => {
  const row = (...grades: [text: string, grade: number | null][]) =>
    new Map(grades.map(([text, grade]) => [passageKey(text), { grade, from: 'sample' as const }]));
  const table: GradeTable = new Map([
    [queryKey('good'), row(['a', 2], ['b', 0])],
    [queryKey('none above 0'), row(['a', 0], ['b', null])],
    [queryKey('elsewhere'), row(['c', 3])],
  ]);
  const queries = ['good', 'none above 0', 'elsewhere', 'new'].map((text) => ({ id: text, text }));
  const ids = (hashes: ReadonlySet<string> | null) =>
    judgedQueries(queries, table, hashes).map(({ id }) => id);

  it('are those with a passage of the corpus graded above 0', () => {
    expect(ids(new Set([passageKey('a'), passageKey('b')]))).toEqual(['good']);
    expect(ids(null)).toEqual(['good', 'elsewhere']);
  });
});

describe('expectedOf', () => {
  const models: ModelsState = {
    catalog: [teacher, student],
    catalogError: null,
    slowTexts: {},
    slots: {
      teacher: { ...emptySlot, tokensPerSecond: 100 },
      student: { ...emptySlot, tokensPerSecond: 100 },
    },
  };

  it('counts the calls of all methods and queries, and no seconds before lengths are known', () => {
    const [round] = roundsOf(initialSettings, models.catalog!);
    expect(round!.map((lane) => callsOf(lane, 10))).toEqual([10, 10, 90]);
    const of = (queries: number) =>
      expectedOf(queries, 10, initialSettings, models, { tokens: new Map(), callMs: new Map() }, 'sample:x');
    expect(of(7)).toEqual({ calls: 770, seconds: null });
    expect(of(0)).toEqual({ calls: 0, seconds: null });
  });
});
