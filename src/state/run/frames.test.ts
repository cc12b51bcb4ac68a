import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Decision, RankingEvent } from '../../ranking/types.ts';
import { resetStores } from '../testing/world.ts';
import { applyEvents } from './column-events.ts';
import { ColumnCommits, paced, paceFor } from './frames.ts';
import { type ColumnRun, idleColumn, useRun } from './run.ts';

beforeEach(resetStores);

const candidates = ['a', 'b', 'c'].map((id, i) => ({ passage: { id, text: id }, rank: i + 1, score: 1 }));
const running: ColumnRun = {
  ...idleColumn,
  state: 'running',
  candidates,
  order: [0, 1, 2],
  scores: [0, 0, 0],
};
const decision = (a: number, b: number, more: Partial<Decision> = {}): Decision => ({
  ...{ a, b, logitA: 1, logitB: 0, preference: 1, tokens: 10, ms: 2, cached: false, cuts: [] },
  ...more,
});

describe('ColumnCommits', () => {
  it('writes the store once a frame, however many changes there were', () => {
    const frames: (() => void)[] = [];
    const commits = new ColumnCommits((commit) => frames.push(commit));
    let writes = 0;
    const stop = useRun.subscribe(() => writes++);
    for (let i = 0; i < 100; i++) {
      commits.update('teacher', (c) => ({ ...c, asked: c.asked + 1 }));
      commits.update('student', (c) => ({ ...c, asked: c.asked + 2 }));
    }
    expect([writes, frames.length]).toEqual([0, 1]);
    expect(commits.get('teacher').asked).toBe(100);
    frames[0]!();
    expect(writes).toBe(1);
    expect(useRun.getState().columns).toMatchObject({ teacher: { asked: 100 }, student: { asked: 200 } });
    commits.update('teacher', (c) => ({ ...c, asked: 7 }));
    expect(frames).toHaveLength(2);
    commits.flush();
    frames[1]!();
    expect(writes).toBe(2);
    stop();
  });
});

describe('paced', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('a hundred rows are drawn three times a second, ten as often as they change', () => {
    const commits = (rows: number): number => {
      let count = 0;
      const schedule = paced(
        (commit) => void setTimeout(commit, 16),
        () => paceFor(rows),
        () => Date.now(),
      );
      const columns = new ColumnCommits(schedule);
      const stop = useRun.subscribe(() => count++);
      // A batch of answers every 50 ms, for 10 s.
      for (let batch = 0; batch < 200; batch++) {
        columns.update('teacher', (c) => ({ ...c, asked: c.asked + 8 }));
        vi.advanceTimersByTime(50);
      }
      columns.flush();
      stop();
      expect(useRun.getState().columns.teacher.asked).toBe(1600);
      useRun.setState({ columns: { ...useRun.getState().columns, teacher: idleColumn } });
      return count;
    };
    expect(commits(10)).toBe(200);
    expect(commits(100)).toBeLessThanOrEqual(31);
    expect(commits(100)).toBeGreaterThanOrEqual(25);
  });

  it('the first commit after a pause does not wait', () => {
    let committed = 0;
    const schedule = paced(
      (commit) => commit(),
      () => 300,
      () => Date.now(),
    );
    schedule(() => committed++);
    expect(committed).toBe(1);
    schedule(() => committed++);
    expect(committed).toBe(1);
    vi.advanceTimersByTime(300);
    expect(committed).toBe(2);
    vi.advanceTimersByTime(1000);
    schedule(() => committed++);
    expect(committed).toBe(3);
  });
});

describe('applyEvents', () => {
  it('keeps the array of an order that stays: what depends on it is not worked out again', () => {
    const same = applyEvents(running, [{ type: 'ranking', order: [0, 1, 2], scores: [3, 2, 1] }]);
    expect(same.order).toBe(running.order);
    expect(same.scores).toEqual([3, 2, 1]);
    const other = applyEvents(running, [{ type: 'ranking', order: [1, 0, 2], scores: [3, 2, 1] }]);
    expect(other.order).toEqual([1, 0, 2]);
  });

  it('counts asked and cached answers, tokens of asked ones only', () => {
    const items = [decision(0, 1), decision(1, 0, { cached: true, preference: 0 }), decision(0, 2)];
    const events: RankingEvent[] = [
      { type: 'planned', calls: 6, upperBound: false },
      { type: 'decided', items },
      { type: 'ranking', order: [1, 0, 2], scores: [2, 1, 0] },
    ];
    const column = applyEvents(running, events);
    expect(column).toMatchObject({
      asked: 2,
      cached: 1,
      tokens: 20,
      order: [1, 0, 2],
      planned: { calls: 6 },
    });
    expect(column.version).toBe(running.version + 1);
    expect(column.matrix!.at(1, 0)?.preference).toBe(0);
    expect(column.matrix!.table.get(0, 2)).toBe(1);
    expect(column.matrix!.at(2, 0)).toBeUndefined();
    expect(column.matrix!.decided).toBe(3);
  });

  it('ends with the time the worker measured', () => {
    const totals = { planned: 6, asked: 6, cached: 0, tokens: 60, seconds: 1.5 };
    expect(applyEvents({ ...running, ms: 1700 }, [{ type: 'done', totals }])).toMatchObject({
      ms: 1500,
      totals,
    });
  });

  it('keeps the largest cut of each passage, whichever slot it stood in', () => {
    const cut = (slot: string, kept: number) => ({ slot, kept, total: 100 });
    const column = applyEvents(running, [
      { type: 'decided', items: [decision(0, 1, { cuts: [cut('passage_a', 60), cut('passage_b', 50)] })] },
      { type: 'decided', items: [decision(1, 0, { cuts: [cut('passage_a', 70), cut('passage_b', 40)] })] },
    ]);
    expect([...column.truncations].map(([index, { kept }]) => [index, kept])).toEqual([
      [0, 40],
      [1, 50],
    ]);
  });
});
