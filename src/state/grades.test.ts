import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addSampleGrades, passageKey, useGrades } from './grades.ts';
import { columnQuality } from './readings/quality.ts';
import { resetStores, SAMPLE } from './testing/world.ts';

beforeEach(resetStores);
afterEach(resetStores);

const grades = () => useGrades.getState();
const of = (text: string) => grades().gradeOf('red apple', text);

describe('grades', () => {
  it('stick to the text, not to the id', () => {
    grades().setGrade('red apple', 'An apple.', 2);
    expect(of('An apple.')).toBe(2);
    expect(of('An apple!')).toBeNull();
    expect(grades().gradeOf('another query', 'An apple.')).toBeNull();
    expect(grades().gradeOf(' red apple ', 'An apple.')).toBe(2);
  });

  it('are undone and redone in order, over a sample’s grades too', () => {
    addSampleGrades(SAMPLE);
    const text = SAMPLE.passages[0]!.text;
    expect(of(text)).toBe(3);
    grades().setGrade('red apple', text, 1);
    grades().setGrade('red apple', text, null);
    expect(of(text)).toBeNull();
    grades().undo();
    expect(of(text)).toBe(1);
    grades().undo();
    expect(of(text)).toBe(3);
    expect(grades().canUndo).toBe(false);
    grades().undo();
    expect(of(text)).toBe(3);
    grades().redo();
    grades().redo();
    expect(of(text)).toBeNull();
    expect(grades().canRedo).toBe(false);
  });

  it('a new grade ends what could be redone; the same grade again is no step', () => {
    grades().setGrade('q', 'a', 1);
    grades().setGrade('q', 'a', 1);
    grades().undo();
    expect(grades().canUndo).toBe(false);
    grades().setGrade('q', 'a', 2);
    expect(grades().canRedo).toBe(false);
  });

  it('a sample loaded again does not overwrite the user', () => {
    addSampleGrades(SAMPLE);
    const text = SAMPLE.passages[0]!.text;
    grades().setGrade('red apple', text, 0);
    addSampleGrades(SAMPLE);
    expect(of(text)).toBe(0);
  });
});

describe('columnQuality', () => {
  const candidate = (id: string, text: string, rank: number) => ({
    passage: { id, text },
    rank,
    score: 1 / rank,
  });
  const column = {
    query: 'red apple',
    candidates: [candidate('a', 'one', 1), candidate('b', 'two', 2)],
    order: [0, 1],
  };

  it('says nothing without grades, and counts the judged', () => {
    const quality = columnQuality(column, grades().table, null, 'linear');
    expect(quality).toMatchObject({ judged: 0, shown: 2 });
    expect(quality.cells.map((cell) => cell.value)).toEqual([undefined, undefined, undefined]);
  });

  it('takes judged passages of the corpus that were not retrieved into the ideal', () => {
    grades().setGrade('red apple', 'two', 1);
    grades().setGrade('red apple', 'elsewhere', 3);
    const at10 = (hashes: ReadonlySet<string> | null) =>
      columnQuality(column, grades().table, hashes, 'linear').cells[2]!.value;
    const found = 1 / Math.log2(3);
    expect(at10(new Set(['one', 'two', 'elsewhere'].map(passageKey)))).toBeCloseTo(found / (3 + found));
    // Its passage is not in this corpus: it cannot be retrieved, and does not count.
    expect(at10(new Set(['one', 'two'].map(passageKey)))).toBeCloseTo(found);
    expect(at10(null)).toBeCloseTo(found / (3 + found));
  });

  it('gives identical passages the same grade, each counted once', () => {
    grades().setGrade('red apple', 'same', 2);
    const twins = {
      query: 'red apple',
      candidates: [candidate('a', 'same', 1), candidate('b', 'same', 2)],
      order: [1, 0],
    };
    const quality = columnQuality(twins, grades().table, null, 'exponential');
    expect(quality).toMatchObject({ judged: 2, shown: 2 });
    expect(quality.cells[2]!.value).toBe(1);
  });
});
