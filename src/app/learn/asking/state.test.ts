/** The lesson's tasks can be done as their last hints say, with the answers of the shipped model as they were recorded. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnswerBook,
  answerTo,
  type LessonRecording,
  questionName,
  recordedBook,
  recordedPrompt,
} from '../../../state/learn/lesson-answers.ts';
import { PASSAGES } from '../model/example.ts';
import { differenceOf } from '../model/own-passages.ts';
import { spread } from './spread.ts';
import {
  type AskingState,
  BLIND,
  begin,
  choose,
  chosenTwo,
  likelyOf,
  link,
  questionOf,
  slopesOf,
  tasks,
  VOCABULARY,
  wantedOf,
} from './state.ts';
import { problemsOf } from './wordings.ts';

const recording = JSON.parse(
  readFileSync(new URL('../../../../public/samples/recordings/lesson-asking.json', import.meta.url), 'utf8'),
) as LessonRecording;
const start = begin(new URLSearchParams());
const state = (change: Partial<AskingState>): AskingState => ({
  ...start,
  answers: recordedBook(recording),
  said: '',
  left: '',
  likeliest: '',
  ...change,
});
const done = (now: AskingState) => tasks.filter((task) => task.judge(now, start).done).map(({ id }) => id);
const remark = (now: AskingState, n: number) => tasks[n]!.judge(now, start).remark;
/** One passage in other words, and what a model would say to it. */
function edited(index: number, text: string, logits: readonly [number, number]): AskingState {
  const passages = PASSAGES.map((passage, i) => (i === index ? text : passage));
  const now = state({ passages, passage: index });
  const answer = { logits, tokens: 1, ms: 1, recorded: false };
  const answers: AnswerBook = { ...now.answers, [questionName(questionOf(now, index))]: answer };
  return { ...now, answers };
}

describe('what is recorded', () => {
  it('answers all that the figure asks before a text is changed, and has the prompts', () => {
    for (const part of ['one', 'wordings', 'likelihood'] as const) {
      for (const question of wantedOf(state({ part }), start)) {
        expect(answerTo(state({}).answers, question)).toBeDefined();
        expect(recordedPrompt(recording, question)!.tokens.at(-1)).toBe('</s>');
      }
    }
  });

  it('says what the text of the lesson says of it', () => {
    const said = slopesOf(state({}));
    // p4 is close to neither: its answer may differ between number formats.
    expect([0, 1, 4, 5].map((i) => said[i]!.from!.isYes)).toEqual([true, true, false, false]);
    expect(said.filter(({ to }) => to!.isYes)).toEqual([]);
    const said0 = said[0]!.from!;
    expect(said0.score).toBeCloseTo(1 + said0.probability);
    const said5 = said[5]!.from!;
    expect(said5.score).toBeCloseTo(said5.probability);
  });
});

it('this model finds the query no likelier after any passage than a blind guess would be', () => {
  const likely = likelyOf(state({}));
  expect(likely).toHaveLength(PASSAGES.length);
  for (const { mean } of likely) expect(mean).toBeLessThan(BLIND);
  expect(likely[0]!.mean - likely.at(-1)!.mean).toBeLessThan(0.3);
  const config = readFileSync(
    new URL('../../../../public/models/demo-teacher/config.json', import.meta.url),
    'utf8',
  );
  expect(JSON.parse(config)).toMatchObject({ vocab_size: VOCABULARY });
});

describe('tasks', () => {
  it('none is done at the start, behind a question, or by texts that are not the lesson’s', () => {
    expect(done(start)).toEqual([]);
    expect(done(state({}))).toEqual([]);
    const won = edited(5, `Why? ${PASSAGES[5]}`, [1, -1]);
    expect(done(won)).toEqual(['stuff']);
    expect(done({ ...won, said: undefined })).toEqual([]);
    expect(done({ ...won, query: 'tea' })).toEqual([]);
    expect(remark({ ...won, passages: ['a', 'b'] }, 1)).toContain('not the lesson’s own');
  });

  it('one word of p2, and no more', () => {
    const straight = PASSAGES[1]!.replace('upright', 'straight');
    expect(done(edited(1, straight, [-1, 1]))).toEqual(['word']);
    expect(done(edited(1, straight, [1, -1]))).toEqual([]);
    expect(done(edited(1, PASSAGES[1]!.replace('upright', ''), [-1, 1]))).toEqual(['word']);
    const two = edited(1, straight.replace('moving', 'still'), [-1, 1]);
    expect(done(two)).toEqual([]);
    expect(remark(two, 0)).toContain('2 words of p2 are changed');
    expect(remark(edited(5, 'nothing left', [1, -1]), 1)).toContain('of p6 are gone');
  });

  it('two passages whose order turns, and no others', () => {
    const two = (...chosen: number[]) => done(state({ part: 'wordings', chosen }));
    expect(two(0, 1)).toEqual(['flip']);
    expect(two(1, 4)).toEqual([]);
    expect(two(0)).toEqual([]);
    expect(chosenTwo(state({ part: 'wordings', chosen: [1, 0] })).words).toMatch(/^p1 is ahead .* and p2 by/);
  });
});

it('a link brings texts, wording and place back; nonsense in it is the lesson’s own', () => {
  const own = 'Is {passage} about {query}? Yes or No:';
  const mine = state({
    part: 'wordings',
    wording: 'own',
    own,
    query: 'tea',
    passages: ['a b', 'c'],
    passage: 1,
  });
  expect({ ...begin(new URLSearchParams(link(mine).toString())), answers: mine.answers }).toEqual(mine);
  expect(begin(new URLSearchParams('part=x&at=p9&wording=nothing&p=one'))).toEqual(start);
  expect(problemsOf(own)).toEqual([]);
  expect(problemsOf('Is {passage} good?')).toHaveLength(1);
});

it('counts changed words: none between equal texts, at most all, and punctuation is none', () => {
  const text = fc.array(fc.constantFrom('tea', 'pot', 'of', 'hot'), { maxLength: 8 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const { changed, lost } = differenceOf(one.join(' '), other.join(', '));
      expect(lost).toBeLessThanOrEqual(one.length);
      expect(changed).toBeLessThanOrEqual(Math.max(one.length, other.length));
      expect(changed === 0).toBe(one.join() === other.join());
      expect(differenceOf(one.join(' '), [...other, ...one].join(' ')).lost).toBe(0);
    }),
  );
});

it('labels keep their distance and their order, inside the limits where there is room', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 10 }), (values) => {
      const places = spread(values, 10, 0, 100);
      const sorted = places.toSorted((a, b) => a - b);
      sorted.forEach((place, i) => {
        if (i > 0) expect(place - sorted[i - 1]!).toBeGreaterThan(9.999);
        expect(place).toBeGreaterThan(-0.001);
        expect(place).toBeLessThan(100.001);
      });
      for (const [i, value] of values.entries()) {
        for (const [j, other] of values.entries())
          if (value < other) expect(places[i]).toBeLessThan(places[j]!);
      }
    }),
  );
});

it('a third choice takes the place of the first', () => {
  expect(choose([0, 1], 4)).toEqual([1, 4]);
  expect(choose([0, 1], 1)).toEqual([0]);
});
