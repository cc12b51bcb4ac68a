import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { candidatesOf } from '../../ranking/testing/fake-scorer.ts';
import { modelRunOf, setOf } from '../testing/runs.ts';
import { resetStores } from '../testing/world.ts';
import { ColumnCommits, paced, paceFor } from './frames.ts';
import { type ModelRun, useRun } from './run.ts';

beforeEach(resetStores);

const run: ModelRun = modelRunOf('prp-allpair', setOf(candidatesOf(['a', 'b', 'c'])));
const asked = (id: string): number => {
  const found = useRun.getState().runs[id];
  return found && found.kind !== 'first-stage' ? found.asked : Number.NaN;
};

describe('ColumnCommits', () => {
  it('writes the store once a frame, however many changes there were', () => {
    const frames: (() => void)[] = [];
    const commits = new ColumnCommits((commit) => frames.push(commit));
    let writes = 0;
    const stop = useRun.subscribe(() => writes++);
    commits.update('teacher', (c) => ({ ...c, shows: run.id }));
    for (let i = 1; i <= 100; i++) {
      commits.put({ ...run, asked: i });
      commits.update('student', (c) => ({ ...c, startedAt: i }));
    }
    expect([writes, frames.length]).toEqual([0, 1]);
    expect(commits.run(run.id)).toMatchObject({ asked: 100 });
    frames[0]!();
    expect(writes).toBe(1);
    expect(asked(run.id)).toBe(100);
    expect(useRun.getState().columns.student.startedAt).toBe(100);
    commits.put({ ...run, asked: 7 });
    expect(frames).toHaveLength(2);
    commits.flush();
    frames[1]!();
    expect(writes).toBe(2);
    stop();
  });

  it('keeps the runs that a column shows, and lets go of the others', () => {
    const commits = new ColumnCommits(() => {});
    commits.update('teacher', (c) => ({ ...c, shows: 'one' }));
    commits.put({ ...run, id: 'one' });
    commits.put({ ...run, id: 'nobody shows' });
    commits.flush();
    expect(Object.keys(useRun.getState().runs)).toEqual(['one']);
    commits.put({ ...run, id: 'two' });
    commits.update('teacher', (c) => ({ ...c, shows: 'two' }));
    commits.flush();
    expect(Object.keys(useRun.getState().runs)).toEqual(['two']);
    expect(commits.run('one')).toBeUndefined();
  });
});

describe('paced', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('a hundred rows are drawn three times a second, ten as often as they change', () => {
    const commitsOf = (rows: number): number => {
      let count = 0;
      const schedule = paced(
        (commit) => void setTimeout(commit, 16),
        () => paceFor(rows),
        () => Date.now(),
      );
      const commits = new ColumnCommits(schedule);
      commits.update('teacher', (c) => ({ ...c, shows: run.id }));
      const stop = useRun.subscribe(() => count++);
      // A batch of answers every 50 ms, for 10 s.
      for (let batch = 1; batch <= 200; batch++) {
        commits.put({ ...run, asked: batch * 8 });
        vi.advanceTimersByTime(50);
      }
      commits.flush();
      stop();
      expect(asked(run.id)).toBe(1600);
      resetStores();
      return count;
    };
    expect(commitsOf(10)).toBe(200);
    expect(commitsOf(100)).toBeLessThanOrEqual(31);
    expect(commitsOf(100)).toBeGreaterThanOrEqual(25);
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
