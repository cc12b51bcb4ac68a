import { afterEach, describe, expect, it } from 'vitest';
import { useQuery } from '../corpus/query.ts';
import { useRun } from '../run/run.ts';
import { column, openReady, settled, type World } from '../testing/world.ts';
import { rangeOf, timingKey, useTimings } from './timings.ts';
import { verdict } from './verdict.ts';

let world: World;
afterEach(() => world.stop());

const unjudged = { bm25: undefined, student: undefined, teacher: undefined };
const now = () => verdict(useRun.getState(), unjudged, rangeOf(timings()));
const timings = () => useTimings.getState().byRun.get(timingKey(useRun.getState())) ?? [];

describe('verdict', () => {
  it('is there when all three have ended, and holds what they found', async () => {
    world = await openReady();
    world.rank();
    expect(now()).toBeNull();
    await settled();
    expect(now()).toMatchObject({
      query: 'apple',
      pointwise: 'student',
      candidates: 4,
      top: { size: 3, shared: 3, sameOrder: true },
      undecided: [],
      ndcg10: null,
      speed: { kind: 'ratio', student: { calls: 4 }, teacher: { calls: 12 } },
      range: null,
    });
    const judged = { bm25: 0.5, student: 0.7, teacher: 0.7 };
    expect(verdict(useRun.getState(), judged, null)?.ndcg10).toEqual(judged);
    expect(verdict(useRun.getState(), { ...judged, teacher: undefined }, null)?.ndcg10).toBeNull();
  });

  it('is not there for a run that was cancelled, or with nothing to compare', async () => {
    world = await openReady();
    world.controls.teacher.beforeBatch = () => world.cancel();
    world.rank();
    await settled();
    expect(now()).toBeNull();
    world.controls.teacher.beforeBatch = undefined;
    useQuery.setState({ text: 'banana' });
    world.rank();
    await settled();
    expect(column('teacher').state).toBe('done');
    expect(now()).toBeNull();
  });

  it('knows an order that decides nothing', async () => {
    world = await openReady();
    world.rank();
    await settled();
    const { columns, runs } = useRun.getState();
    const teacher = column('teacher').run!;
    const alike = { ...teacher, scores: teacher.scores.map(() => 3) };
    expect(verdict({ columns, runs: { ...runs, [teacher.id]: alike } }, unjudged, null)?.undecided).toEqual([
      'teacher',
    ]);
  });
});

describe('measureAgain', () => {
  it('asks everything anew, so that the same run has times to compare and a range', async () => {
    world = await openReady();
    world.rank();
    await settled();
    expect(timings()).toHaveLength(1);
    world.rank();
    await settled();
    expect(now()?.speed.kind).toBe('cached');
    expect(timings()).toHaveLength(1);

    const order = column('teacher').order;
    world.measureAgain();
    await settled();
    expect(column('student')).toMatchObject({ state: 'done', asked: 4, cached: 0 });
    expect(column('teacher')).toMatchObject({ state: 'done', asked: 12, cached: 0, order });
    expect(column('teacher').matrix?.decided).toBe(12);
    expect(now()).toMatchObject({ speed: { kind: 'ratio' }, range: { runs: 2 } });
    // The clock begins anew: this is not a resumed run.
    expect(column('teacher').ms).toBe(column('teacher').totals!.seconds * 1000);
    // Its answers are kept like any others.
    world.rank();
    await settled();
    expect(column('teacher').cached).toBe(12);
  });

  it('does not count another query as a repeat', async () => {
    world = await openReady();
    world.rank();
    await settled();
    useQuery.setState({ text: 'red apple' });
    world.measureAgain();
    await settled();
    expect(column('teacher').query).toBe('red apple');
    expect(timings()).toHaveLength(1);
  });
});

describe('rangeOf', () => {
  it('is the shortest and the longest of two or more', () => {
    const at = (student: number, teacher: number) => ({ student, teacher });
    expect(rangeOf([at(1, 9)])).toBeNull();
    expect(rangeOf([at(1, 9), at(3, 7), at(2, 8)])).toEqual({
      runs: 3,
      student: [1, 3],
      teacher: [7, 9],
      median: { student: 2, teacher: 8 },
    });
    expect(rangeOf([at(1, 9), at(2, 7)])!.median).toEqual({ student: 1.5, teacher: 8 });
  });
});
