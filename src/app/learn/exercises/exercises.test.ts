/** The answers on the sheet, against the same worked out by hand from the recordings. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstRecording, isRecordedSample, RECORDED_SAMPLES } from '../../../state/learn/recordings.ts';
import { PASSAGES } from '../bm25/example.ts';
import { lessons } from '../lessons.ts';
import { recordedQuery } from '../recorded-query.ts';
import { quartetOf, recordedExercises } from './on-recording.ts';
import { textExercises } from './on-texts.ts';

const FOLDER = new URL('../../../../public/samples/', import.meta.url);
const recordedOf = (id: string) =>
  recordedQuery(
    firstRecording(new Uint8Array(readFileSync(new URL(`recordings/${id}.rankscope.json.gz`, FOLDER))), id),
  );
const numbersIn = (lines: readonly string[]) => (lines.join(' ').match(/\.\d{3}\b/g) ?? []).map(Number);

it('every lesson has an exercise, on every sample that has a recording', () => {
  const { samples } = JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')) as {
    samples: { id: string; title: string }[];
  };
  expect(samples.map(({ id }) => id).toSorted()).toEqual(Object.keys(RECORDED_SAMPLES).toSorted());
  for (const { id, title } of samples) {
    expect(isRecordedSample(id) && RECORDED_SAMPLES[id]).toBe(title);
    const all = [...textExercises(), ...recordedExercises(recordedOf(id))];
    expect(new Set(all.map(({ lesson }) => lesson))).toEqual(new Set(lessons.map((lesson) => lesson.id)));
    for (const { answer, question } of all) {
      expect(answer().join(' ').length).toBeGreaterThan(10);
      expect(`${question} ${answer().join(' ')}`).not.toMatch(/NaN|undefined|Infinity/);
    }
  }
});

describe('answers', () => {
  it('of lesson 1 are BM25 by its formula', () => {
    const words = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const matching = PASSAGES.filter((text) => words(text).includes('brakes')).length;
    const idf = Math.log(1 + (PASSAGES.length - matching + 0.5) / (matching + 0.5));
    const lengths = PASSAGES.map((text) => words(text).length);
    const average = lengths.reduce((sum, n) => sum + n, 0) / lengths.length;
    const f = words(PASSAGES[2]!).filter((word) => word === 'brakes').length;
    const norm = 1.2 * (0.25 + (0.75 * lengths[2]!) / average);
    const [one, other] = textExercises().map(({ answer }) => answer().at(-1)!);
    expect(one).toContain(idf.toFixed(3));
    expect(other).toMatch(new RegExp(`${((idf * f * 2.2) / (f + norm)).toFixed(3)}$`));
  });

  it('on decisions are counted from the table', () => {
    for (const id of Object.keys(RECORDED_SAMPLES)) {
      const recorded = recordedOf(id);
      const { members, decisions } = quartetOf(recorded);
      expect(decisions).toHaveLength(12);
      const of = (lesson: string, at: number) =>
        recordedExercises(recorded)
          .filter((exercise) => exercise.lesson === lesson)
          [at]!.answer();
      const [wins, share] = [
        decisions.filter(({ preference }) => preference === 1).length,
        of('comparing', 1),
      ];
      expect(share.at(-1)).toContain(`A won ${wins} of 12`);
      const points = members.map((_, i) =>
        decisions.reduce((sum, { a, b, preference }) => {
          if (a === i) return sum + preference;
          return b === i ? sum + 1 - preference : sum;
        }, 0),
      );
      const ranked = points.map((p, i) => ({ p, i })).toSorted((x, y) => y.p - x.p || x.i - y.i);
      const names = ranked.map(({ p, i }) => `${recorded.ids[members[i]!]} ${p}`);
      expect(of('tournament', 0)[0]).toBe(`${names.join(', ')}.`);
      const { logitA, logitB } = decisions.find(({ a, b }) => a === 0 && b === 1)!;
      const probability = Math.exp(logitA) / (Math.exp(logitA) + Math.exp(logitB));
      expect(numbersIn(of('comparing', 0)).at(-1)).toBeCloseTo(probability, 3);
      const [x, y] = [ranked[0]!.i, ranked[1]!.i].map((i) => recorded.student!.scored[members[i!]!]!.score);
      expect(of('distillation', 0)[0]).toContain(Math.log(1 + Math.exp(y! - x!)).toFixed(3));
    }
  });

  it('of lesson 7 are the measures by hand', () => {
    const recorded = recordedOf('town');
    const graded = new Map(recorded.grades);
    const gains = recorded.teacher!.order.map((index) => graded.get(recorded.ids[index]!) ?? 0);
    const sum = (of: readonly number[]) =>
      of.slice(0, 5).reduce((all, gain, i) => all + gain / Math.log2(i + 2), 0);
    const ideal = sum([...graded.values()].toSorted((a, b) => b - a));
    const answer = recordedExercises(recorded).at(-1)!.answer().join(' ');
    expect(answer).toContain(`DCG@5 ${sum(gains).toFixed(3)}, ideal DCG@5 ${ideal.toFixed(3)}`);
    expect(answer).toContain(`nDCG@5 ${(sum(gains) / ideal).toFixed(3).replace(/^0/, '')}`);
  });
});
