import { afterEach, describe, expect, it } from 'vitest';
import { RankscopeError } from '../../errors.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useModels } from '../models/models.ts';
import { COLUMNS, useRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';
import { column, MODELS, openWorld, SAMPLE, settled, until, type World } from '../testing/world.ts';
import { useQuerySet } from './store.ts';
import { SET_METHODS } from './types.ts';

let world: World;
afterEach(() => world.stop());

const FRUIT = {
  ...SAMPLE,
  passages: [
    { id: 'p01', text: 'An apple is red.' },
    { id: 'p02', text: 'A pear is not an apple, whatever people say about it.' },
    { id: 'p03', text: 'Grapes grow in bunches, and an apple does not.' },
    { id: 'p04', text: 'A pear ripens after it has been picked.' },
  ],
  queries: [
    { id: 'q1', text: 'red apple', grades: { p01: 3, p02: 1 } },
    { id: 'q2', text: 'ripe pear', grades: { p04: 2, p02: 0 } },
    { id: 'q3', text: 'zeppelin apple', grades: { p01: 0 } },
    { id: 'q4', text: 'grapes', grades: { p03: 3 } },
  ],
};

/** A page with the sample above, the first query in the box. */
async function openSample(models: unknown = MODELS): Promise<World> {
  world = openWorld({ files: { 'samples/fruit.json': FRUIT, 'models/index.json': models } });
  await world.restored;
  useCorpus.getState().chooseSample('fruit');
  await until(() => useQuery.getState().suggestions.length === 4);
  await until(() => useCorpus.getState().index.state === 'ready');
  return world;
}

const set = () => useQuerySet.getState();
const ended = (): Promise<void> => until(() => set().state !== 'running');
const done = (): number => set().progress.queriesDone;
const asked = (): number => world.workers.reduce((sum, worker) => sum + worker.asked, 0);

describe('a query set', () => {
  it('ranks every judged query with all four methods and leaves the columns alone', async () => {
    await openSample();
    world.rank();
    await settled();
    const before = useRun.getState();
    world.rankAll();
    expect(set().state).toBe('running');
    await ended();
    expect(set()).toMatchObject({ state: 'done', phase: null, stale: false, error: null });
    // q3 has no passage graded above 0: it says nothing.
    expect(set().queries.map(({ query }) => query.id)).toEqual(['q1', 'q2', 'q4']);
    for (const { rankings, candidates } of set().queries) {
      expect(Object.keys(rankings).sort()).toEqual([...SET_METHODS].sort());
      for (const method of SET_METHODS) expect(rankings[method]!.order).toHaveLength(candidates.length);
    }
    expect(useRun.getState()).toBe(before);
    expect(set().progress).toMatchObject({ queriesDone: 3, secondsLeft: null });
    expect(set().progress.answered).toBe(set().progress.planned);
  });

  it('gives what the columns give for the same query, base and student each in turn', async () => {
    await openSample();
    world.rankAll();
    await ended();
    const first = set().queries[0]!;
    useQuery.setState({ text: 'red apple' });
    world.rank();
    await settled();
    for (const id of COLUMNS) expect(column(id).order).toEqual(first.rankings[id]!.order);
    // Every answer was kept.
    expect(column('teacher')).toMatchObject({ asked: 0, cached: first.rankings.teacher!.cost.calls });
    useSettings.getState().setStudentMode('base');
    world.rank();
    await settled();
    expect(column('student')).toMatchObject({ method: 'rg', asked: 0, order: first.rankings.base!.order });
  });

  it('asks the base in the worker that holds its checkpoint, and loads nothing twice', async () => {
    await openSample();
    await until(() => world.workers.length === 2);
    world.rankAll();
    await ended();
    expect(world.workers).toHaveLength(2);
    expect(world.worker('teacher').jobs.map(({ method }) => method)).toContain('rg');
    expect(world.worker('student').jobs.every(({ method }) => method === 'pointwise-yes')).toBe(true);
  });

  it('loads a base of its own once, after the other methods, and gives the worker back', async () => {
    const base = { id: 'base', role: 'base', name: 'Base', path: 'demo-base/', bytes: 10 };
    await openSample({ ...MODELS, models: [...MODELS.models, base] });
    world.rankAll();
    await ended();
    expect(set()).toMatchObject({ state: 'done', progress: { queriesDone: 3 } });
    const loaded = world.workers.filter(({ slot }) => slot === 'student').flatMap(({ loads }) => loads);
    expect(loaded.map(({ url }) => url.split('/').at(-2))).toEqual([
      'demo-student',
      'demo-base',
      'demo-student',
    ]);
  });

  it('learns how fast the models are, for the estimates of what comes after', async () => {
    await openSample();
    await until(() => useModels.getState().slots.teacher.status === 'ready');
    expect(useModels.getState().slots.teacher.tokensPerSecond).toBe(1000);
    world.rankAll();
    await ended();
    expect(useModels.getState().slots.teacher.tokensPerSecond).not.toBe(1000);
  });

  it('asks nothing twice: a second time all answers are kept ones, at their own times', async () => {
    await openSample();
    world.rankAll();
    await ended();
    const fresh = set().queries.map(({ rankings }) => rankings.teacher!.cost);
    const calls = asked();
    world.rankAll();
    await ended();
    expect(asked()).toBe(calls);
    for (const [i, { rankings }] of set().queries.entries()) {
      expect(rankings.teacher!.cost).toMatchObject({ calls: fresh[i]!.calls, cached: fresh[i]!.calls });
    }
  });
});

describe('cancel and resume', () => {
  it('keeps the queries that are done and goes on with the others', async () => {
    await openSample();
    world.controls.teacher.beforeBatch = () => {
      if (done() === 1) world.cancelAll();
    };
    world.rankAll();
    await ended();
    expect(set()).toMatchObject({ state: 'cancelled', phase: null, progress: { queriesDone: 1 } });
    const kept = set().queries[0];
    world.controls.teacher.beforeBatch = undefined;
    world.rankAll();
    expect(set().progress.queriesDone).toBe(1);
    await ended();
    expect(set()).toMatchObject({ state: 'done', progress: { queriesDone: 3 } });
    expect(set().queries[0]).toBe(kept);
    const calls = set().queries.flatMap(({ rankings }) =>
      Object.values(rankings).map(({ cost }) => cost.calls),
    );
    expect(asked()).toBe(calls.reduce((a, b) => a + b, 0));
  });

  it('ends with its corpus', async () => {
    await openSample();
    world.controls.teacher.beforeBatch = () => useCorpus.getState().setText('another corpus\nof two lines');
    world.rankAll();
    await ended();
    expect(set().state).toBe('cancelled');
    expect(set().fingerprint).not.toBe(useCorpus.getState().fingerprint);
  });

  it('tells a fault with what to do, and goes on from there', async () => {
    await openSample();
    world.controls.teacher.beforeBatch = (_, worker) =>
      worker.die(new RankscopeError('worker', 'The teacher worker died.'));
    world.rankAll();
    await ended();
    expect(set().state).toBe('error');
    expect(set().error?.message).toMatch(/died\. Retry/);
    world.controls.teacher.beforeBatch = undefined;
    world.rankAll();
    await ended();
    expect(set()).toMatchObject({ state: 'done', error: null, progress: { queriesDone: 3 } });
  });
});

describe('beside the columns', () => {
  it('a run of the columns goes first, and the set goes on after it', async () => {
    await openSample();
    let ranked = false;
    world.controls.teacher.beforeBatch = () => {
      if (ranked) return;
      ranked = true;
      world.rank();
    };
    world.rankAll();
    await until(() => useRun.getState().active);
    await settled();
    expect(COLUMNS.map((id) => column(id).state)).toEqual(['done', 'done', 'done']);
    expect(set().state).toBe('running');
    await ended();
    expect(set()).toMatchObject({ state: 'done', progress: { queriesDone: 3 } });
  });

  it('waits for a run that is going on', async () => {
    await openSample();
    world.rank();
    world.rankAll();
    expect(set()).toMatchObject({ state: 'running', phase: 'queued' });
    await settled();
    await ended();
    expect(set().state).toBe('done');
    expect(column('teacher').state).toBe('done');
  });

  it('with the Base switch on, the column gets the base back in mid-set', async () => {
    await openSample();
    useSettings.getState().setStudentMode('base');
    let ranked = false;
    world.controls.student.beforeBatch = () => {
      if (ranked) return;
      ranked = true;
      world.rank();
    };
    world.rankAll();
    await until(() => useRun.getState().active);
    await settled();
    expect(column('student')).toMatchObject({ state: 'done', method: 'rg' });
    expect(column('student').info?.digest).toContain('demo-teacher');
    await ended();
    expect(set()).toMatchObject({ state: 'done', progress: { queriesDone: 3 } });
  });
});

describe('stale', () => {
  it('is a set whose settings have changed since, whatever query is in the box', async () => {
    await openSample();
    world.rankAll();
    await ended();
    useQuery.setState({ text: 'grapes' });
    useSettings.getState().setStudentMode('base');
    expect(set().stale).toBe(false);
    useSettings.getState().setK(3);
    expect(set().stale).toBe(true);
    useSettings.getState().setK(10);
    expect(set().stale).toBe(false);
  });
});
