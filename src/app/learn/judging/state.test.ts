/** The lesson's numbers are the core's, and its tasks can be done as their last hints say. */
import { describe, expect, it } from 'vitest';
import { gainOf, ndcg } from '../../../evaluation/metrics.ts';
import { pairedDifference } from '../../../evaluation/significance.ts';
import {
  begin,
  type JudgingState,
  link,
  MOST_DRAWS,
  measure,
  moved,
  resampled,
  swapGains,
  tasks,
} from './state.ts';

const start = begin(new URLSearchParams());
const state = (change: Partial<JudgingState>): JudgingState => ({
  ...start,
  swap: '',
  interval: '',
  ...change,
});
const done = (change: Partial<JudgingState>) =>
  tasks.filter((task) => task.judge(state(change), start).done).map(({ id }) => id);
const order = (letters: string) => [...letters].map((letter) => letter.charCodeAt(0) - 65);

describe('measures', () => {
  it('are those of src/evaluation, and DCG is the sum of what the rows show', () => {
    for (const gain of ['linear', 'exponential'] as const) {
      const now = measure({ ...start, gain });
      const grades = new Map(start.grades.flatMap((g, i) => (g === null ? [] : [[`${i}`, g] as const])));
      expect(now.ndcg).toBe(ndcg(start.order.map(String), grades, { k: 5, gain }));
      expect(now.ndcg).toBe(now.dcg / now.ideal);
      const rows = start.order
        .slice(0, 5)
        .reduce(
          (sum, p, place) => sum + gainOf(start.grades[p] ?? undefined, gain) / Math.log2(place + 2),
          0,
        );
      expect(rows).toBeCloseTo(now.dcg, 12);
    }
  });

  it('a swap at the top is worth more', () => {
    const { top, lower } = swapGains(start);
    expect(top).toBeGreaterThan(lower);
    expect(lower).toBeGreaterThan(0);
  });
});

describe('resampled', () => {
  it('after 10,000 draws has the interval of the paired test, to the last bit', () => {
    const { low, high, mean, picked } = resampled({ ...start, draws: MOST_DRAWS });
    const other = pairedDifference(
      start.differences,
      start.differences.map(() => 0),
    );
    expect([low, high]).toEqual([other.low, other.high]);
    expect(mean).toBeCloseTo(0.02, 12);
    expect(low!).toBeLessThan(0);
    expect(high!).toBeGreaterThan(0);
    expect(picked.reduce((sum, count) => sum + count, 0)).toBe(10);
  });
});

describe('tasks', () => {
  it('none is done at the start, nor behind the questions', () => {
    expect(done({})).toEqual([]);
    expect(done({ swap: undefined, interval: undefined, order: order('ADBGCFE') })).toEqual([]);
  });

  it('each can be done, and by nothing else', () => {
    expect(done({ order: order('ADBGCFE') })).toEqual(['ideal']);
    expect(done({ order: order('ADBGCFE'), grades: [3, 1, 0, 2, 0, 0, 0] })).toEqual([]);
    expect(done({ order: order('BCFEGAD') })).toEqual(['first-only']);
    expect(done({ order: order('CBFEGAD') })).toEqual([]);
    expect(done({ grades: [3, 1, 0, 2, 3, 0, 1] })).toEqual(['unjudged']);
    expect(done({ grades: [3, 1, 0, 2, 0, 0, 1] })).toEqual([]);
    const even = start.differences.map(() => 0.02);
    expect(done({ differences: even, draws: 1000 })).toEqual(['interval']);
    expect(done({ differences: even, draws: 100 })).toEqual([]);
    expect(done({ draws: 1000 })).toEqual([]);
    expect(done({ differences: even.map(() => 0.1), draws: 1000 })).toEqual([]);
  });
});

it('a link brings a state back, with passages of one’s own; nonsense in it is the lesson’s own', () => {
  const mine = state({
    query: 'tea?',
    passages: ['one', 'two'],
    grades: [null, 2],
    order: [1, 0],
    gain: 'exponential',
    part: 'systems',
    differences: [0.1, -0.1],
  });
  expect(begin(new URLSearchParams(link(mine).toString()))).toEqual({ ...mine, draws: 0 });
  expect(begin(new URLSearchParams('order=AAAAAAA&g=xx&d=7,z'))).toEqual(start);
  // Tasks about passages that are not there say so, and do not throw.
  expect(tasks[2]!.judge(mine, mine)).toMatchObject({
    done: false,
    remark: expect.stringContaining('no unjudged'),
  });
});

it('moves a passage to a place, and no further than the ends', () => {
  expect(moved([0, 1, 2], 2, 0)).toEqual([2, 0, 1]);
  expect(moved([0, 1, 2], 0, 9)).toEqual([1, 2, 0]);
  expect(moved([0, 1, 2], 1, -3)).toEqual([1, 0, 2]);
});
