import { expect, it } from 'vitest';
import type { LogEvent } from './progress.ts';
import { windowAnswers } from './window-answers.ts';

const cost = { tokens: 1, ms: 1, cached: false, cuts: [] };
const compared = (winner: number, at: number): LogEvent => ({
  type: 'compared',
  items: [{ shown: [0, 1, 2], winner, ...cost }],
  at,
});
const listed = (at: number): LogEvent => ({
  type: 'listed',
  items: [{ shown: [0, 1], order: [1, 0], malformed: false, ...cost }],
  at,
});

it('are those since the run was last resumed, in their order', () => {
  expect(windowAnswers([])).toEqual({ compared: [], listed: [] });
  const log = [compared(0, 1), listed(2), compared(1, 3)];
  expect(windowAnswers(log).compared.map(({ winner }) => winner)).toEqual([0, 1]);
  expect(windowAnswers(log).listed).toHaveLength(1);
  const resumed = [...log, { type: 'resumed', at: 4 } as const, compared(0, 5)];
  expect(windowAnswers(resumed).compared.map(({ winner }) => winner)).toEqual([0]);
  expect(windowAnswers(resumed).listed).toEqual([]);
});
