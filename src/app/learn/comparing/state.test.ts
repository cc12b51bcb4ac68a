/** The lesson's tasks can be done as their last hints say, with the answers of the shipped model as they were recorded. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  type AnswerBook,
  type LessonRecording,
  questionName,
  recordedBook,
} from '../../../state/learn/lesson-answers.ts';
import { PASSAGES } from '../model/example.ts';
import {
  begin,
  type ComparingState,
  decisionsOf,
  firstPlace,
  link,
  questionOf,
  tasks,
  verdictOf,
  visit,
  wantedOf,
} from './state.ts';

const recording = JSON.parse(
  readFileSync(
    new URL('../../../../public/samples/recordings/lesson-comparing.json', import.meta.url),
    'utf8',
  ),
) as LessonRecording;
const start = begin(new URLSearchParams());
const recorded: ComparingState = { ...start, answers: recordedBook(recording), swapped: '' };
/** After these pairs were chosen one after the other. */
const after = (...pairs: readonly (readonly [number, number])[]): ComparingState => {
  let now = recorded;
  for (const [a, b] of pairs) now = { ...now, ...visit(now, a, b) };
  return now;
};
const done = (now: ComparingState) => tasks.filter((task) => task.judge(now, start).done).map(({ id }) => id);

it('asks both orders of what was chosen, each once', () => {
  expect(wantedOf(after([0, 1], [1, 0], [2, 2]))).toHaveLength(3);
  expect(firstPlace(decisionsOf(after([0, 1], [1, 0], [2, 2])))).toBe('2 answers so far; A won 1');
});

it('none is done at the start or behind the question; a link’s own pair is for the reader to choose', () => {
  expect(done(start)).toEqual([]);
  expect(done(after([0, 1]))).toEqual([]);
  expect(done({ ...after([2, 3]), swapped: undefined })).toEqual([]);
  expect(done({ ...recorded, a: 2, b: 3 })).toEqual([]);
});

it('a contradiction of p3 and p4, and none of p1 and p2', () => {
  expect(done(after([2, 3]))).toEqual(['contradiction']);
  expect(verdictOf(after([2, 3])).words).toBe('p3 and p4 contradict: A wins whichever passage stands there.');
  expect(verdictOf(after([1, 0])).words).toBe('p1 wins in both orders.');
});

it('one passage twice: A with p1, B with p6, and one alone is not enough', () => {
  expect(done(after([0, 0]))).toEqual([]);
  expect(done(after([0, 0], [3, 3]))).toEqual([]);
  expect(done(after([0, 0], [5, 5]))).toEqual(['twice']);
});

it('p3 and p4 are settled by a changed text whose passage wins or loses both orders', () => {
  const now = after([2, 3]);
  const passages = PASSAGES.map((text, i) => (i === 3 ? `${text} Why?` : text));
  const answered = (forward: readonly number[], backward: readonly number[]): ComparingState => {
    const changed = { ...now, passages };
    const answer = (logits: readonly number[]) => ({ logits, tokens: 1, ms: 1, recorded: false });
    const answers: AnswerBook = {
      ...now.answers,
      [questionName(questionOf(changed, 2, 3))]: answer(forward),
      [questionName(questionOf(changed, 3, 2))]: answer(backward),
    };
    return { ...changed, answers };
  };
  expect(done(answered([-1, 1], [1, -1]))).toEqual(['settle']);
  expect(done(answered([1, -1], [1, -1]))).toEqual(['contradiction']);
  expect(done({ ...answered([-1, 1], [1, -1]), passages: PASSAGES })).toEqual(['contradiction']);
});

it('a link brings pair and texts back; nonsense in it is the lesson’s own', () => {
  const mine = { ...recorded, a: 1, b: 1, query: 'tea', passages: ['a b', 'c'] };
  expect({ ...begin(new URLSearchParams(link(mine).toString())), answers: mine.answers }).toEqual(mine);
  expect(begin(new URLSearchParams('a=p7&b=q2&p=one'))).toEqual(start);
});
