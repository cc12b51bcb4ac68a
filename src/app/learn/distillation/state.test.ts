/** Lesson 6: its losses are the core's, its example is what the embedded models say, its tasks can be done and failed. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_RUN, type Run, type RunPoint } from '../../../state/learn/run.ts';
import { EXAMPLE } from './example.ts';
import { partsOf } from './pairs.ts';
import { PAPER_ROWS } from './paper.ts';
import { priceOf } from './price.ts';
import {
  begin,
  type DistillationState,
  GOAL_LOSS,
  inWords,
  link,
  RANKS,
  RATES,
  SAMPLES,
  START_SCORES,
  tasks,
} from './state.ts';

const start = begin(new URLSearchParams());
const state = (change: Partial<DistillationState>): DistillationState => ({
  ...start,
  pulled: '',
  better: '',
  ...change,
});
const done = (change: Partial<DistillationState>) =>
  tasks.filter((task) => task.judge(state(change), start).done).map(({ id }) => id);

const point = (step: number, change: Partial<RunPoint> = {}): RunPoint => ({
  step,
  loss: 0.5,
  rate: 3e-4,
  gradientNorm: 1,
  seconds: 0.1,
  scores: [0, 1, 2],
  listSize: 8,
  follow: 0,
  ...change,
});
const run = (points: readonly RunPoint[]): Run => ({ start: { step: 0, scores: [0, 1], ndcg: 0.4 }, points });

it('judges an untaught student, also after one that was taught', () => {
  const none = state({ run: NO_RUN, teacher: 0.6 });
  expect(tasks.map((task) => task.judge(none, start).done)).toEqual([false, false, false]);
  expect(tasks[1]!.judge(none, start).remark).toBe('No student is trained yet.');
});

describe('pairs and their loss', () => {
  it('the mean of the pairs is the list’s loss, and their pulls add up to its gradient, whatever the scores', () => {
    const lists = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(lists, (scores) => {
        const { pairs, loss, gradient } = partsOf(
          scores,
          scores.map((_, i) => i + 1),
        );
        expect(pairs).toHaveLength((scores.length * (scores.length - 1)) / 2);
        expect(pairs.reduce((sum, pair) => sum + pair.loss, 0) / pairs.length).toBeCloseTo(loss, 9);
        const pulled = scores.map(() => 0);
        for (const { better, worse, pull, lead } of pairs) {
          expect(lead).toBe(scores[better]! - scores[worse]!);
          pulled[better]! -= pull / pairs.length;
          pulled[worse]! += pull / pairs.length;
        }
        for (const [i, own] of gradient.entries()) expect(pulled[i]).toBeCloseTo(own, 9);
      }),
    );
  });

  const vectors = '/work/shared/reference/ranknet/vectors.json';
  it.skipIf(!existsSync(vectors))('is RankNet’s of the reference vectors', () => {
    const { ranknet } = JSON.parse(readFileSync(vectors, 'utf8')) as {
      ranknet: { name: string; y_pred: number[]; y_true: number[]; expected: number }[];
    };
    const plain = ranknet.filter(({ name }) => !/masked|weighted/.test(name));
    expect(plain.length).toBeGreaterThan(3);
    for (const { name, y_pred, y_true, expected } of plain) {
      const { loss } = partsOf(
        y_pred,
        y_true.map((grade) => -grade),
      );
      expect(loss, name).toBeCloseTo(expected, 9);
    }
  });
});

describe('the price', () => {
  const spent = {
    pairs: { calls: 100, seconds: 10 },
    points: { calls: 10, seconds: 0.5 },
    labelCalls: 56,
    trainSeconds: 20,
  };
  it('is even where both have taken the same seconds', () => {
    const { teacher, student, labelSeconds, breakEven } = priceOf(spent, 10);
    expect([teacher, student]).toEqual([
      { calls: 90, seconds: 9 },
      { calls: 10, seconds: 0.5 },
    ]);
    expect(labelSeconds).toBeCloseTo(5.6);
    const whole = (n: number) => [n * teacher.seconds, labelSeconds + 20 + n * student.seconds] as const;
    const [before, after] = [whole(breakEven! - 1), whole(breakEven!)];
    expect(before[0]).toBeLessThan(before[1]);
    expect(after[0]).toBeGreaterThanOrEqual(after[1]);
  });
  it('is never even where the teacher is no slower', () => {
    expect(priceOf({ ...spent, points: { calls: 1, seconds: 1 } }, 2).breakEven).toBeUndefined();
  });
});

describe('tasks', () => {
  it('none is done at the start, nor before the questions are answered', () => {
    expect(done({})).toEqual([]);
    expect(done({ pulled: undefined, scores: [0.2, 0.3, 0.7, -3] })).toEqual([]);
    expect(done({ better: undefined, teacher: 0.3, run: run([point(5, { ndcg: 0.9 })]) })).toEqual([]);
  });

  it('only D can be moved so far that the loss is small enough', () => {
    expect(done({ scores: [0.2, 0.3, 0.7, -2] })).toEqual(['drag']);
    expect(done({ scores: [0.2, 0.3, 0.7, -1] })).toEqual([]);
    expect(done({ scores: [0.3, 0.3, 0.7, -3] })).toEqual([]);
    for (const place of [0, 1, 2]) {
      const reached = Array.from({ length: 81 }, (_, i) => {
        const scores = START_SCORES.map((score, at) => (at === place ? -4 + i / 10 : score));
        return partsOf(scores, RANKS).loss;
      });
      expect(Math.min(...reached), EXAMPLE[place]!.title).toBeGreaterThan(GOAL_LOSS);
    }
  });

  it('a student passes the teacher by its own measure alone', () => {
    expect(done({ teacher: 0.6, run: run([point(5, { ndcg: 0.59 })]) })).toEqual([]);
    expect(done({ teacher: 0.6, run: run([point(5, { ndcg: 0.61 })]) })).toEqual(['pass']);
  });

  it('training fails where scores lie together for three steps, or the loss is no number', () => {
    const flat = (step: number) => point(step, { loss: 0.69, scores: [0.1, 0.12, 0.11] });
    expect(done({ run: run([flat(1), flat(2)]) })).toEqual([]);
    expect(done({ run: run([flat(1), point(2), flat(3)]) })).toEqual([]);
    expect(done({ run: run([flat(1), flat(2), flat(3)]) })).toEqual(['fail']);
    expect(done({ run: run([point(1, { loss: Number.NaN })]) })).toEqual(['fail']);
  });
});

it('a link brings its state back; nonsense in it is the lesson’s own', () => {
  const mine = state({
    part: 'price',
    scores: [0, 1, -1, 2.5],
    rate: RATES.indexOf(0.1),
    listSize: 3,
    study: { taught: 'kitchen', heldOut: 'town', candidates: 5 },
    serve: 40,
  });
  expect(begin(new URLSearchParams(link(mine).toString()))).toEqual(mine);
  expect(begin(new URLSearchParams('s=1,2&rate=7&n=99&most=x&learn=nowhere&part=none'))).toEqual(start);
  expect(link(start).toString()).toBe('');
});

it('says in words what the figure shows, and nothing that is still to be guessed', () => {
  const trained = { teacher: 0.6, run: run([point(1), point(2, { ndcg: 0.5 })]) };
  const words = inWords(state(trained)).join(' ');
  expect(words).toContain('D, Taming raw onions in a salad: score 1.2, pulled down by');
  expect(words).toContain('began with .400 and has .500 at step 2; the teacher has .600');
  const veiled = inWords(state({ ...trained, pulled: undefined, better: undefined })).join(' ');
  expect(veiled).not.toContain('pulled');
  expect(veiled).not.toContain('nDCG');
});

it('names the samples as their list does', () => {
  const { samples } = JSON.parse(readFileSync('public/samples/index.json', 'utf8')) as {
    samples: { id: string; title: string }[];
  };
  expect(Object.fromEntries(samples.map(({ id, title }) => [id, title]))).toEqual(SAMPLES);
});

const paper = '/work/shared/reference/paper.txt';
it.skipIf(!existsSync(paper))('has the paper’s numbers', () => {
  const text = readFileSync(paper, 'utf8');
  const names = {
    'Relevance generation': 'Relevance Generation',
    'PRP, all pairs': 'PRP (Allpair)',
  } as const;
  for (const { method, model, secondsPerQuery, dl19, dl20 } of PAPER_ROWS) {
    const name = names[method as keyof typeof names] ?? 'Instruction Distillation';
    const line = text
      .split('\n')
      .find((one) => one.startsWith(`${name} | FLAN-T5-${model} | ${secondsPerQuery} |`));
    expect(line, `${method} ${model}`).toMatch(new RegExp(`/ ${dl19} \\|.*/ ${dl20} \\|`));
  }
});
