import { expect, it } from 'vitest';
import type { Timeline } from '../../../state/readings/timeline.ts';
import { callsInWords, movesInWords, overtakingInWords } from './picture-words.ts';

const line = (seconds: number, calls: number, quality: number, cached = 0): Timeline => ({
  timed: true,
  cached,
  moments: [{ seconds, calls, quality }],
});
const teacher = line(8.234, 90, 0.9);
const student = line(0.72, 10, 0.8, 4);

it('says who answered how much in what time, and what came from the cache', () => {
  expect(callsInWords(teacher, student)).toBe(
    'The student answered 10 calls in 0.72 s; the teacher answered 90 calls in 8.23 s. Both clocks begin at 0. 4 of the student’s came from the cache, in no time.',
  );
  expect(callsInWords(teacher, null)).toBe('The teacher answered 90 calls in 8.23 s.');
});

it('says when the teacher overtakes the student, if ever', () => {
  expect(overtakingInWords(teacher, student, 6)).toMatch(
    /ends at \.800, the teacher at \.900\. .* for good after 6\.00 s/,
  );
  expect(overtakingInWords(student, teacher, undefined)).toMatch(/never overtakes the student\.$/);
  expect(overtakingInWords(teacher, teacher, undefined)).toMatch(/they end level\.$/);
});

it('names the furthest climb', () => {
  const of = (id: string, bm25: number, place: number) => ({
    id,
    strong: false,
    places: { bm25, teacher: place },
  });
  expect(movesInWords([of('p1', 2, 1), of('p9', 9, 2)], 2)).toMatch(
    /^The heavy .* p9’s, from place 9 to 2\.$/,
  );
  expect(movesInWords([of('p1', 1, 1)], 50)).toMatch(/^The teacher’s first 1 of 50 .* Nothing climbs/);
});
