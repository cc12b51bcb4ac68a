import { beforeEach, expect, it } from 'vitest';
import { RankscopeError } from '../../errors.ts';
import type { ScorerInfo } from '../../inference/scorer.ts';
import { PRP } from '../../ranking/presets.ts';
import type { QuestionsJob, SingleAnswer } from '../../ranking/questions.ts';
import { useModels } from '../models/models.ts';
import type { Asking } from './asking.ts';
import { askAs, cancelQuestions, isWhole, useQuestionRuns } from './question-runs.ts';

const info = { digest: 'one' } as ScorerInfo;
const passages = [{ text: 'a' }, { text: 'b' }];
const job: QuestionsJob = {
  template: PRP,
  questions: ['1', '2', '3'].map((text) => ({ query: { text }, passages })),
};
const answer = (index: number, text: string): SingleAnswer => ({
  index,
  logits: [Number(text), 0],
  tokens: 1,
  ms: 1,
  cuts: [],
});

/** Answers with the query's own number; stops before question `holdAt` until it is cancelled. */
function model(asked: string[], holdAt?: string): Pick<Asking, 'ask'> {
  return {
    ask: async (_slot, { questions }, onAnswers, signal) => {
      for (const [i, { query }] of questions.entries()) {
        if (query.text === holdAt) {
          await new Promise((resolve) => signal?.addEventListener('abort', resolve));
          throw new RankscopeError('cancelled', 'Cancelled.');
        }
        asked.push(query.text);
        onAnswers([answer(i, query.text)]);
        await Promise.resolve();
      }
      return info;
    },
  };
}

const load = (digest: string): void =>
  useModels.setState(({ slots }) => ({
    slots: { ...slots, teacher: { ...slots.teacher, ready: { info: { digest } } as never } },
  }));
const runOf = (key: string) => useQuestionRuns.getState().runs[key];

beforeEach(() => {
  useQuestionRuns.setState({ runs: {} });
  load('one');
});

it('goes on after a cancel from the answers it has, unless another model is loaded', async () => {
  const asked: string[] = [];
  const first = askAs('k', 'teacher', job, model(asked, '3'));
  await expect.poll(() => runOf('k')?.answered).toBe(2);
  expect(runOf('k')?.secondsLeft).toBeGreaterThanOrEqual(0);
  cancelQuestions('k');
  expect((await first).state).toBe('cancelled');
  expect(isWhole(runOf('k'))).toBe(false);

  await askAs('k', 'teacher', job, model(asked));
  expect(asked).toEqual(['1', '2', '3']);
  expect(runOf('k')).toMatchObject({ state: 'done', answered: 3, info, secondsLeft: null });
  expect(runOf('k')?.answers.map((one) => [one?.index, one?.logits[0]])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(isWhole(runOf('k'))).toBe(true);

  const again = askAs('m', 'teacher', job, model(asked, '2'));
  await expect.poll(() => runOf('m')?.answered).toBe(1);
  cancelQuestions('m');
  await again;
  load('two');
  await askAs('m', 'teacher', job, model(asked));
  expect(asked.slice(3)).toEqual(['1', '1', '2', '3']);
});

it('cancels what else is asked of the same model, and keeps what went wrong in words', async () => {
  const first = askAs('one', 'teacher', job, model([], '1'));
  const other = askAs('two', 'teacher', job, {
    ask: () => Promise.reject(new RankscopeError('bad-input', 'No room for passages.')),
  });
  expect((await first).state).toBe('cancelled');
  expect(await other).toMatchObject({ state: 'error', error: 'No room for passages.' });
});
