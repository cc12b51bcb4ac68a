/** Single questions of each kind that lessons and the Inspector ask. */
import { expect, it } from 'vitest';
import { QUERY_GENERATION, RELEVANCE } from './presets.ts';
import { askQuestions, type QuestionsJob, type SingleAnswer } from './questions.ts';
import { FakeScorer } from './testing/fake-scorer.ts';
import { writerOf } from './testing/writer.ts';

const questions = ['pear', 'red apple'].map((text) => ({
  query: { text: 'a red apple' },
  passages: [{ text }],
}));

async function all(job: QuestionsJob, model: Parameters<typeof askQuestions>[1]): Promise<SingleAnswer[]> {
  const answers: SingleAnswer[] = [];
  for await (const batch of askQuestions(job, model)) answers.push(...batch);
  return answers.toSorted((a, b) => a.index - b.index);
}

it('labels are answered by their logits', async () => {
  const scorer = new FakeScorer({ answer: ({ passage }) => [passage!.length, 1] });
  const answers = await all({ template: RELEVANCE, questions }, scorer);
  expect(answers.map(({ logits }) => logits)).toEqual([
    [4, 1],
    [9, 1],
  ]);
});

it('a likelihood template is answered by the probabilities of its target, token by token', async () => {
  const writer = writerOf(() => '');
  const answers = await all({ template: QUERY_GENERATION, questions }, writer);
  expect(answers).toMatchObject([
    { index: 0, logits: [], logProbabilities: [-1, -2, -3] },
    { index: 1, logits: [], logProbabilities: [-1, -2, -3] },
  ]);
  expect(writer.asked[0]).toBe('Passage: pear. Please write a question based on this passage.');
  await expect(
    all({ template: QUERY_GENERATION, questions }, new FakeScorer({ answer: () => [1] })),
  ).rejects.toThrow('likelihood');
});
