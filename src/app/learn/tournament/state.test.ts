/** The lesson's points are Eq. 5 of the core, and its tasks can be done as their last hints say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condorcetWinner } from '../../../analysis/tournament.ts';
import { findCycles } from '../../../ranking/analysis.ts';
import type { Preference } from '../../../ranking/pair-table.ts';
import {
  begin,
  choose,
  link,
  N,
  pairsOf,
  pointsOf,
  pressed,
  rankingOf,
  type TournamentState,
  tasks,
} from './state.ts';

const start = begin(new URLSearchParams());
const state = (change: Partial<TournamentState>): TournamentState => ({ ...start, first: '', ...change });
const done = (change: Partial<TournamentState>) =>
  tasks.filter((task) => task.judge(state(change), start).done).map(({ id }) => id);

describe('the made-up table', () => {
  it('has one ring, a tie, three contradictions, and no Condorcet winner', () => {
    const pairs = pairsOf(start);
    expect(findCycles(pairs.table)).toEqual([[1, 2, 3]]);
    expect(condorcetWinner(pairs)).toBeUndefined();
    expect(rankingOf(start)).toEqual({ order: [4, 1, 2, 3, 0, 5], scores: [9, 6, 6, 5, 3, 1] });
  });

  it('points as A and as B are the score of Eq. 5, whatever the table', () => {
    const table = fc.array(fc.constantFrom<Preference>(0, 0.5, 1), { minLength: N * N, maxLength: N * N });
    fc.assert(
      fc.property(table, (cells) => {
        const { order, scores } = rankingOf({ table: cells });
        order.forEach((index, place) => {
          const [asA, asB] = pointsOf({ table: cells }, index);
          expect(asA + asB).toBe(scores[place]);
        });
        expect(scores.reduce((sum, score) => sum + score, 0)).toBe(N * (N - 1));
      }),
    );
  });
});

describe('tasks', () => {
  it('none is done at the start, nor before the question is answered', () => {
    expect(done({})).toEqual([]);
    expect(done({ first: undefined, chosen: [1, 2, 3] })).toEqual([]);
  });

  it('each can be done, and by nothing less', () => {
    expect(done({ chosen: [3, 1, 2] })).toEqual(['ring']);
    expect(done({ chosen: [0, 1, 2] })).toEqual([]);
    const tie = pressed(start.table, 1, 0);
    expect(done({ table: tie })).toEqual(['tie']);
    expect(done({ table: pressed(tie, 5, 0) })).toEqual([]);
    expect(done({ table: pressed(start.table, 1, 4) })).toContain('condorcet');
    expect(done({ table: pressed(start.table, 0, 4) })).toEqual([]);
  });
});

it('a cell goes through A, B and equal; a fourth choice takes the place of the first', () => {
  const at = (table: readonly Preference[]) => table[1];
  const once = pressed(start.table, 0, 1);
  const twice = pressed(once, 0, 1);
  expect([at(start.table), at(once), at(twice), at(pressed(twice, 0, 1))]).toEqual([1, 0, 0.5, 1]);
  expect(choose([0, 1, 2], 5)).toEqual([1, 2, 5]);
  expect(choose([0, 1, 2], 1)).toEqual([0, 2]);
});

it('a link brings a table back; nonsense in it is the lesson’s own', () => {
  const mine = state({ table: pressed(pressed(start.table, 0, 1), 0, 1) });
  expect(begin(new URLSearchParams(link(mine).toString())).table).toEqual(mine.table);
  expect(begin(new URLSearchParams('t=10x'))).toEqual(start);
});
