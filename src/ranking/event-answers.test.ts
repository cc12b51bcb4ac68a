import { expect, it } from 'vitest';
import { answersIn, cutPassagesIn } from './event-answers.ts';
import type { RankingEvent } from './types.ts';

const cost = (...slots: string[]) => ({
  tokens: 5,
  ms: 1,
  cached: false,
  cuts: slots.map((slot) => ({ slot, kept: 1, total: 2 })),
});
const events: readonly RankingEvent[] = [
  { type: 'planned', calls: 4, upperBound: false },
  { type: 'scored', items: [{ index: 7, score: 1, logits: [1], ...cost('passage') }] },
  {
    type: 'decided',
    items: [{ a: 3, b: 4, logitA: 1, logitB: 0, preference: 1, ...cost('passage_a', 'passage_b') }],
  },
  { type: 'compared', items: [{ shown: [5, 6, 2], winner: 6, ...cost('passage_1', 'passage_3') }] },
  {
    type: 'listed',
    items: [
      { shown: [9, 8], order: [8, 9], text: '[2] > [1]', malformed: false, ...cost('passage_2', 'query') },
    ],
  },
  { type: 'ranking', order: [0], scores: [1] },
  { type: 'done', totals: { planned: 4, asked: 4, cached: 0, tokens: 20, seconds: 1 } },
];

it('finds the answers of every kind, and which passages were cut in them', () => {
  expect(events.map((event) => answersIn(event).length)).toEqual([0, 1, 1, 1, 1, 0, 0]);
  expect(events.map((event) => cutPassagesIn(event).map(([candidate]) => candidate))).toEqual([
    [],
    [7],
    [3, 4],
    [5, 2],
    [8],
    [],
    [],
  ]);
});
