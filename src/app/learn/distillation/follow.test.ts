/** A decision is followed by the scores of its own list alone, from what a step saw to what came of it. */
import { expect, it } from 'vitest';
import type { RunPoint } from '../../../state/learn/run.ts';
import type { TaughtDecision, TaughtList } from '../../../workers/train-protocol.ts';
import { followedList, worstPair } from './follow.ts';
import { partsOf } from './pairs.ts';

/** Of three passages the last beats all, and the first the second. */
const ORDER = [2, 0, 1];
const list: TaughtList = {
  query: { id: 'q', text: 'q' },
  passages: ['a', 'b', 'c'].map((id) => ({ id, text: id })),
  decisions: ORDER.flatMap((a) =>
    ORDER.filter((b) => b !== a).map((b): TaughtDecision => {
      const preference = ORDER.indexOf(a) < ORDER.indexOf(b) ? 1 : 0;
      return { a, b, preference, logitA: preference, logitB: 1 - preference };
    }),
  ),
};
const point = (step: number, follow: number, scores: readonly number[]): RunPoint => ({
  step,
  follow,
  scores,
  listSize: 3,
  loss: 1,
  rate: 1,
  gradientNorm: 1,
  seconds: 1,
});
const start = [0.5, 0.2, 0];
const follow = (points: readonly RunPoint[], size = 3, at = 0) =>
  followedList(list, size, { start: undefined, points }, at, start);

it('before the first step shows the untaught student', () => {
  const { ranks, scores, before, parts, step } = follow([])!;
  expect([ranks, scores, before, step]).toEqual([[2, 3, 1], start, undefined, 0]);
  expect(parts).toEqual(partsOf(start, [2, 3, 1]));
  // The best passage trails the second best by most.
  expect(parts.pairs[worstPair(parts)]).toMatchObject({ better: 2, worse: 0, lead: -0.5 });
});

it('after a step has the loss that the step saw, and the scores that came of it', () => {
  const { scores, before, parts, step } = follow([point(1, 0, [0.4, 0.1, 0.3])])!;
  expect([scores, before, step]).toEqual([[0.4, 0.1, 0.3], start, 1]);
  expect(parts.loss).toBeCloseTo(partsOf(start, [2, 3, 1]).loss, 12);
});

it('leaves out steps that another list was followed in, and passages that are not learnt from', () => {
  const { path, before } = follow([point(1, 1, [9, 9, 9]), point(2, 0, [1, 2, 3])], 2)!;
  expect(path.map(([step]) => step)).toEqual([0, 2]);
  expect(before).toBeUndefined();
  const { ranks, scores } = follow([point(2, 0, [1, 2, 3])], 2)!;
  expect([ranks, scores]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(follow([point(1, 0, [1, 2, 3])], 3, 1)).toBeUndefined();
});
