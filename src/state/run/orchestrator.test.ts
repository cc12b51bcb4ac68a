import { afterEach, describe, expect, it } from 'vitest';
import { RankscopeError } from '../../errors.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useModels } from '../models/models.ts';
import { speedUp } from '../readings/speed-up.ts';
import { column, openReady, openWorld, settled, until, type World } from '../testing/world.ts';
import { COLUMNS, type ColumnState, useRun } from './run.ts';

let world: World;
afterEach(() => world.stop());

const states = (): ColumnState[] => COLUMNS.map((id) => column(id).state);
const ids = (id: 'bm25' | 'student' | 'teacher'): string[] =>
  column(id).order.map((i) => column(id).candidates[i]!.passage.id);

describe('rank', () => {
  it('runs BM25, then the student, then the teacher, and settles all three', async () => {
    world = await openReady();
    world.rank();
    expect(states()).toEqual(['running', 'running', 'running']);
    expect(column('teacher').phase).toBe('queued');
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(world.log).toEqual(['bm25', 'student starts', 'student ends', 'teacher starts', 'teacher ends']);
    expect(ids('bm25')).toHaveLength(4);
    // The fake models like long texts.
    expect(ids('student')).toEqual(['p04', 'p02', 'p03', 'p01']);
    expect(ids('teacher')).toEqual(['p04', 'p02', 'p03', 'p01']);
    expect(column('teacher').matrix?.decided).toBe(12);
    expect(column('teacher')).toMatchObject({
      asked: 12,
      cached: 0,
      planned: { calls: 12 },
      phase: null,
      stale: false,
    });
    expect(column('teacher').ms).toBe(column('teacher').totals!.seconds * 1000);
    expect(column('student').scored.filter(Boolean)).toHaveLength(4);
  });

  it('commits states in order: phases are queued, loading, scoring', async () => {
    world = await openReady();
    const phases: (string | null)[] = [null];
    const stop = useRun.subscribe(({ columns }) => {
      if (phases.at(-1) !== columns.teacher.phase) phases.push(columns.teacher.phase);
    });
    world.rank();
    await settled();
    stop();
    expect(phases.filter((phase) => phase !== 'loading')).toEqual([null, 'queued', 'scoring', null]);
  });

  it('a race starts the teacher before the student has ended, and says so', async () => {
    world = await openReady();
    world.race();
    await settled();
    expect(world.log.indexOf('teacher starts')).toBeLessThan(world.log.indexOf('student ends'));
    expect(column('teacher').raced).toBe(true);
    expect(speedUp(useRun.getState())).toMatchObject({ kind: 'ratio', raced: true });
  });

  it('a new Rank replaces the running one', async () => {
    world = await openReady();
    world.rank();
    await until(() => column('teacher').phase === 'scoring');
    useQuery.setState({ text: 'banana' });
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(column('teacher').query).toBe('banana');
    expect(ids('teacher')).toEqual(['p03']);
  });

  it('without a corpus or a query it says what is missing and calls no worker', async () => {
    world = openWorld();
    await world.restored;
    useCorpus.getState().clear();
    world.rank();
    expect(useRun.getState().message?.focus).toBe('corpus');
    useCorpus.getState().setFile(new File([], 'nothing.csv'));
    world.rank();
    expect(useRun.getState().message?.text).toMatch(/^nothing\.csv is empty/);
    useCorpus.getState().setText('one\ntwo');
    useQuery.setState({ text: '  ' });
    world.rank();
    expect(useRun.getState().message?.focus).toBe('query');
    expect(states()).toEqual(['idle', 'idle', 'idle']);
    expect(world.log).toEqual([]);
  });

  it('zero hits are done, with an explanation and no model call', async () => {
    world = await openReady();
    useQuery.setState({ text: 'zeppelin' });
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
    for (const id of COLUMNS) expect(column(id).explanation).toContain('No passage');
    expect(world.log).toEqual(['bm25']);
  });

  it('one candidate is ranked and explained', async () => {
    world = await openReady();
    useQuery.setState({ text: 'banana' });
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(column('teacher')).toMatchObject({ order: [0], asked: 0 });
    expect(column('teacher').explanation).toContain('Only one');
  });

  it('a corpus with a bad line fails the first column with its line and leaves no column running', async () => {
    world = await openReady();
    useCorpus.getState().setText('p1\tapple one\np1\tapple two');
    world.rank();
    await settled();
    expect(states()).toEqual(['error', 'cancelled', 'cancelled']);
    expect(column('bm25').error).toMatchObject({ code: 'bad-input' });
    expect(column('bm25').error?.message).toMatch(/line 2/i);
    // Now that it is known, Rank says so at once; skipping the line is the user's choice.
    world.rank();
    expect(useRun.getState().message?.focus).toBe('corpus');
    useCorpus.getState().setSkipBadLines(true);
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
  });
});

describe('cancel and resume', () => {
  it('keeps what is done and asks nothing twice', async () => {
    world = await openReady();
    world.controls.teacher.beforeBatch = (batch) => {
      if (batch === 2) world.cancel();
    };
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'cancelled']);
    const decided = column('teacher').matrix!.decided;
    expect(decided).toBeGreaterThan(0);
    expect(decided).toBeLessThan(12);
    expect(column('teacher').order).toHaveLength(4);

    world.controls.teacher.beforeBatch = undefined;
    const earlier = column('teacher').ms;
    expect(earlier).toBeGreaterThan(0);
    world.resume();
    expect(states()).toEqual(['done', 'done', 'running']);
    expect(column('teacher').ms).toBe(earlier);
    await settled();
    // The clock counts both parts.
    expect(column('teacher').ms).toBeCloseTo(earlier + column('teacher').totals!.seconds * 1000, 6);
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(column('teacher').matrix!.decided).toBe(12);
    expect(world.worker('teacher').asked).toBe(12);
    expect(column('teacher').cached).toBe(12 - column('teacher').asked);
    expect(world.log.filter((line) => line === 'student starts')).toHaveLength(1);
  });

  it('a second Rank of the same question asks nothing', async () => {
    world = await openReady();
    world.rank();
    await settled();
    world.rank();
    await settled();
    expect(world.worker('teacher').asked).toBe(12);
    expect(column('teacher')).toMatchObject({ state: 'done', asked: 0, cached: 12 });
  });

  it('ends a worker that does not answer a cancel, and the next run works', async () => {
    world = await openReady();
    world.controls.teacher.deaf = true;
    world.controls.teacher.beforeBatch = () => new Promise(() => {});
    world.rank();
    await until(() => column('teacher').phase === 'scoring');
    const hung = world.worker('teacher');
    world.cancel();
    await settled();
    expect(column('teacher').state).toBe('cancelled');
    expect(hung.alive).toBe(false);
    expect(world.worker('teacher')).not.toBe(hung);
    world.controls.teacher.beforeBatch = undefined;
    world.resume();
    await settled();
    expect(column('teacher').state).toBe('done');
  });

  it('cancels while models are still loading, without waiting for them', async () => {
    world = await openReady();
    world.rank();
    world.cancel();
    await settled();
    expect(states().every((state) => state === 'cancelled')).toBe(true);
  });

  it('resume after a change ranks anew', async () => {
    world = await openReady();
    world.controls.teacher.beforeBatch = () => world.cancel();
    world.rank();
    await settled();
    world.controls.teacher.beforeBatch = undefined;
    useQuery.setState({ text: 'red apple' });
    await until(() => column('teacher').stale);
    world.resume();
    await settled();
    expect(column('teacher')).toMatchObject({ state: 'done', query: 'red apple', stale: false });
  });
});

describe('faults', () => {
  it('a worker that dies in mid-run leaves an error to retry from, the rest alive', async () => {
    world = await openReady();
    world.controls.teacher.beforeBatch = (batch, worker) => {
      if (batch === 2) worker.die(new RankscopeError('worker', 'The teacher worker failed: out of memory.'));
    };
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'error']);
    expect(column('teacher').error?.message).toMatch(/out of memory.*Retry continues/);
    const decided = column('teacher').matrix!.decided;
    expect(decided).toBeGreaterThan(0);
    world.controls.teacher.beforeBatch = undefined;
    world.resume('teacher');
    await settled();
    expect(column('teacher').state).toBe('done');
    expect(column('teacher').cached).toBeGreaterThan(0);
    expect(column('teacher').asked).toBeLessThan(12);
  });

  it('a worker that died between two runs is replaced without an error', async () => {
    world = await openReady();
    world.rank();
    await settled();
    world.worker('teacher').die(new RankscopeError('worker', 'gone'));
    useQuery.setState({ text: 'red apple' });
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(world.workers.filter((worker) => worker.slot === 'teacher')).toHaveLength(2);
  });

  it('a model that cannot be loaded fails its own column only, and a retry loads it again', async () => {
    const loadError = new RankscopeError('bad-checkpoint', 'model.onnx was altered.');
    world = await openReady({ controls: { student: { loadError } } });
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'error', 'done']);
    expect(useModels.getState().slots.student.status).toBe('error');
    delete world.controls.student.loadError;
    world.resume();
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
  });

  it('a model whose answer is no number says so in its column, and the other model ranks', async () => {
    world = await openReady({ controls: { student: { answer: () => [Number.NaN] } } });
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'error', 'done']);
    expect(column('student').error?.message).toMatch(/answer for label “Yes” is not a number/);
  });

  it('without a list of models each model column says so', async () => {
    const missing = new RankscopeError('missing', 'models/index.json is missing on this server.');
    world = await openReady({ files: { 'models/index.json': missing } });
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'error', 'error']);
    expect(column('teacher').error?.message).toContain('models/index.json');
  });

  it('a retrieval worker that dies is started again with the corpus', async () => {
    world = await openReady();
    world.retrieval.beforeSearch = () => world.retrieval.terminate();
    world.rank();
    await settled();
    expect(states()).toEqual(['error', 'cancelled', 'cancelled']);
    world.retrieval.beforeSearch = undefined;
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(world.retrieval.loads).toBe(2);
  });

  it('a question no one answers is cancelled all the same', async () => {
    world = await openReady();
    world.retrieval.beforeSearch = () => new Promise(() => {});
    world.rank();
    await until(() => world.retrieval.searches === 1);
    world.cancel();
    await settled();
    expect(states()).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });
});
