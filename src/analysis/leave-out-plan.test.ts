import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SingleAnswer, SingleQuestion } from '../ranking/questions.ts';
import { planLeaveOut, readLeaveOut, strongest } from './leave-out-plan.ts';

const query = { text: 'tea' };
const passages = [{ title: 'Pots', text: 'Warm the pot. Pour tea. Wait.' }, { text: 'Coffee.' }];
const BOTH = [
  [0, 1],
  [1, 0],
];

const answered = (
  questions: readonly SingleQuestion[],
  logits: (question: SingleQuestion) => readonly number[],
): SingleAnswer[] =>
  questions.map((question, index) => ({ index, logits: logits(question), tokens: 1, ms: 1, cuts: [] }));

it('asks whole, empty, and without each sentence in both orders; the title and the other passage stay', () => {
  const plan = planLeaveOut({ query, passages, target: 0, unit: 'sentence', orders: BOTH });
  const texts = plan.questions.map(({ passages: [a, b] }) => [a!.text, b!.text]);
  expect(texts).toEqual([
    ['Warm the pot. Pour tea. Wait.', 'Coffee.'],
    ['Coffee.', 'Warm the pot. Pour tea. Wait.'],
    ['', 'Coffee.'],
    ['Coffee.', ''],
    ['Pour tea. Wait.', 'Coffee.'],
    ['Coffee.', 'Pour tea. Wait.'],
    ['Warm the pot. Wait.', 'Coffee.'],
    ['Coffee.', 'Warm the pot. Wait.'],
    ['Warm the pot. Pour tea.', 'Coffee.'],
    ['Coffee.', 'Warm the pot. Pour tea.'],
  ]);
  expect(plan.questions.every((q) => q.passages.some(({ title }) => title === 'Pots'))).toBe(true);
  const short = planLeaveOut({ query, passages, target: 0, unit: 'word', orders: [[0]], seen: 13 });
  expect(short.text).toBe('Warm the pot.');
  expect(short.questions.map((q) => q.passages[0]!.text)).toEqual([
    'Warm the pot.',
    '',
    'the pot.',
    'Warm pot.',
    'Warm the',
  ]);
});

it('finds the sentence that a judge looks at, order by order, and what is left of it in the mean', () => {
  const plan = planLeaveOut({ query, passages, target: 0, unit: 'sentence', orders: BOTH });
  // Likes the word tea, twice as much in the passage shown as A; and B a little in any case.
  const answers = answered(plan.questions, ({ passages: [a, b] }) => [
    a!.text.includes('tea') ? 4 : 0,
    (b!.text.includes('tea') ? 2 : 0) + 0.5,
  ]);
  const forTarget = ([a, b]: readonly number[], order: number) => (order === 0 ? a! - b! : b! - a!);
  const { byOrder, mean } = readLeaveOut(plan, answers, forTarget);
  expect(byOrder.map(({ weighed }) => weighed.map(({ weight }) => weight))).toEqual([
    [0, 4, 0],
    [0, 2, 0],
  ]);
  expect(byOrder.map(({ whole }) => whole)).toEqual([3.5, 2.5]);
  expect(mean.sanity).toEqual({ sum: 3, all: 3 });
  const best = strongest(mean.weighed)!;
  expect(plan.text.slice(best.start, best.end)).toBe('Pour tea. ');

  // While answers come, what was not answered is not a weight.
  const part = readLeaveOut(plan, answers.slice(0, 8), forTarget);
  expect(part.mean.weighed.map(({ weight }) => weight)).toEqual([0, 3, Number.NaN]);
  expect(strongest(readLeaveOut(plan, [], forTarget).mean.weighed)).toBeUndefined();
});

it('adds up to all where a judge weighs words one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('tea', 'hot', 'pot', 'cold'), { minLength: 1 }), (words) => {
      const text = words.join(' ');
      const plan = planLeaveOut({ query, passages: [{ text }], target: 0, unit: 'word', orders: [[0]] });
      const answers = answered(plan.questions, ({ passages: [a] }) => [
        a!.text.split(' ').reduce((sum, word) => sum + (word === 'tea' ? 2 : word === 'cold' ? -1 : 0), 0),
      ]);
      const { mean } = readLeaveOut(plan, answers, ([yes]) => yes!);
      expect(mean.sanity.sum).toBeCloseTo(mean.sanity.all, 9);
    }),
  );
});
