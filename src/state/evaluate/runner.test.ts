import { afterEach, describe, expect, it } from 'vitest';
import { RankscopeError } from '../../errors.ts';
import { evaluationTable } from '../../evaluation/table/table.ts';
import { memoryTextStore } from '../../storage/local.ts';
import { memoryRecords } from '../../storage/records.ts';
import { callCost, textCost, totalFlops } from '../../t5/flops.ts';
import { useQuery } from '../corpus/query.ts';
import { useModels } from '../models/models.ts';
import { column, openWorld, settled, until, type World, type WorldOptions } from '../testing/world.ts';
import { useCollection } from './collection.ts';
import { type ModelRowSpec, rowId } from './recipe.ts';
import { CEILING, FIRST_STAGE, rowOrders, rowResults } from './rows.ts';
import { flopsOf } from './shapes.ts';
import { setRecipe, useEvaluate } from './store.ts';

let world: World;
afterEach(() => world.stop());

const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const FILES = {
  'corpus.jsonl': lines([
    { _id: 'd1', text: 'An apple is red.' },
    { _id: 'd2', text: 'A pear is not an apple, whatever people say about it.' },
    { _id: 'd3', text: 'Grapes grow in bunches, and an apple does not.' },
    { _id: 'd4', text: 'A pear ripens after it has been picked.' },
  ]),
  'queries.jsonl': lines([
    { _id: 'q1', text: 'red apple' },
    { _id: 'q2', text: 'ripe pear' },
    { _id: 'q3', text: 'apple bunches' },
  ]),
  'qrels/test.tsv': 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq2\td4\t1\nq3\td3\t1\n',
};

async function open(options: WorldOptions = {}): Promise<World> {
  world = openWorld(options);
  await world.restored;
  await until(() => useEvaluate.getState().recipe !== null);
  return world;
}

async function openData(): Promise<void> {
  const files = Object.entries(FILES).map(([path, text]) => {
    const blob = new Blob([text]);
    return { path, size: blob.size, blob };
  });
  world.evaluation.openLocal(Promise.resolve({ kind: 'folder', name: 'fruit', files }));
  await until(
    () => useCollection.getState().state !== 'opening' && useEvaluate.getState().results.found.length > 0,
  );
}

const MICRO = {
  dModel: 128,
  dKv: 32,
  dFf: 512,
  numHeads: 4,
  encoderLayers: 3,
  decoderLayers: 1,
  gated: false,
};

const now = () => useEvaluate.getState();
const ended = () => until(() => now().state !== 'running');
const asked = () => world.workers.reduce((sum, worker) => sum + worker.asked, 0);
const ids = () => now().recipe!.rows.map(rowId);

function table() {
  const { summary, qrels } = useCollection.getState();
  const request = {
    summary: summary!,
    qrels,
    recipe: now().recipe!,
    results: now().results,
    catalog: useModels.getState().catalog!,
    options: { level: 1, condensed: false },
    reference: FIRST_STAGE,
  };
  const rows = rowResults(request, rowOrders(request));
  return evaluationTable({
    rows,
    columns: ['ndcg@10', 'calls', 'tau'],
    judged: true,
    reference: FIRST_STAGE,
    compared: 'ndcg@10',
    comparisons: new Map(),
  });
}

describe('an evaluation', () => {
  it('begins with the student and the cheapest schedule of the teacher, and ranks every query by both', async () => {
    await open();
    await openData();
    expect(ids()).toEqual(['pointwise-yes student', 'prp-heapsort teacher']);
    world.evaluation.run();
    expect(now().state).toBe('running');
    await ended();
    expect(now()).toMatchObject({ state: 'done', phase: null, error: null, progress: { queriesDone: 3 } });
    const { rows } = table();
    expect(rows.map(({ id, queries }) => [id, queries])).toEqual([
      [FIRST_STAGE, 3],
      [ids()[0], 3],
      [ids()[1], 3],
      [CEILING, 3],
    ]);
    expect(rows.at(-1)!.cells[0]!.value).toBe(1);
    expect(rows[1]!.cells[1]!.value).toBeGreaterThan(1);
    for (const row of rows) expect(row.cells[0]!.value).toBeLessThanOrEqual(1);
  });

  it('counts what is judged and written, and still knows it after a reload', async () => {
    const kept = { local: memoryTextStore(), records: memoryRecords() };
    await open(kept);
    await openData();
    setRecipe({
      ...now().recipe!,
      rows: [
        { method: 'qlm', checkpoint: 'student' },
        { method: 'listwise', checkpoint: 'teacher' },
        { method: 'pointwise-yes', checkpoint: 'student' },
      ],
    });
    world.evaluation.run();
    await ended();
    expect([now().state, now().error]).toEqual(['done', null]);
    const of = (row: number) => now().results.rows.get(ids()[row]!)!.ranked[0]!;
    // “red apple”: two words after each of the candidates’ prompts.
    const { calls, tokens } = of(0);
    expect(of(0).texts).toEqual({ outputs: 2 * calls, outputSquares: 4 * calls, tokenOutputs: 2 * tokens });
    expect(of(1).texts).toEqual({ outputs: 5, outputSquares: 25, tokenOutputs: 5 * of(1).tokens });
    expect(of(2).texts).toBeNull();
    const shape = { ...MICRO, vocabSize: 8192 };
    const flops = flopsOf(
      new Map(['student', 'teacher'].map((id) => [id, { label: callCost(shape, 1), text: textCost(shape) }])),
      now().recipe!,
    );
    const [qlm, listwise, student] = now().recipe!.rows.map((row, i) => flops(row as ModelRowSpec, of(i))!);
    // To judge a text of several tokens takes more than to say one label after the same prompt.
    for (const [i, found] of [qlm, listwise].entries()) {
      const { calls: asked, tokens: read, tokenSquares } = of(i);
      expect(found).toBeGreaterThan(totalFlops(callCost(shape, 1), asked, read, tokenSquares));
    }
    expect(student).toBe(totalFlops(callCost(shape, 1), of(2).calls, of(2).tokens, of(2).tokenSquares));
    expect(flops(now().recipe!.rows[0] as ModelRowSpec, { ...of(0), texts: null })).toBeNull();
    const before = [of(0), of(1), of(2)];
    await world.evaluation.finished();
    world.stop();

    await open(kept);
    world.evaluation.show();
    await until(() => now().state === 'done');
    expect([of(0), of(1), of(2)]).toEqual(before);
  });

  it('stopped, it keeps what is done; after a reload it goes on, and asks nothing twice', async () => {
    const kept = { local: memoryTextStore(), records: memoryRecords() };
    await open(kept);
    await openData();
    world.evaluation.run();
    await until(() => now().results.rows.get(ids()[1]!)?.done === 1);
    world.evaluation.stop();
    await ended();
    expect(now().state).toBe('stopped');
    await world.evaluation.finished();
    const before = asked();
    expect(before).toBeGreaterThan(0);
    world.stop();

    await open(kept);
    world.evaluation.show();
    await until(() => now().state === 'stopped');
    expect(useCollection.getState()).toMatchObject({ state: 'ready', name: 'fruit' });
    expect(now().results.rows.get(ids()[1]!)!.done).toBeGreaterThanOrEqual(1);
    world.evaluation.run();
    await ended();
    expect(now().state).toBe('done');
    const resumed = asked();
    world.stop();

    await open();
    await openData();
    world.evaluation.run();
    await ended();
    expect(before + resumed).toBe(asked());
  });

  it('keeps results by what they depend on: another depth has its own, and going back finds the first', async () => {
    await open();
    await openData();
    world.evaluation.run();
    await ended();
    setRecipe({ depth: 2 });
    await until(() => now().state === 'idle');
    setRecipe({ depth: 10 });
    await until(() => now().state === 'done');
    const before = asked();
    world.evaluation.run();
    await ended();
    expect(asked()).toBe(before);
  });

  it('goes on with the other rows where one fails', async () => {
    await open({
      controls: { teacher: { loadError: new RankscopeError('bad-checkpoint', 'It is broken.') } },
    });
    await openData();
    world.evaluation.run();
    await ended();
    expect(now().state).toBe('error');
    expect([...now().rowErrors.keys()]).toEqual([ids()[1]]);
    expect(now().rowErrors.get(ids()[1]!)!.message).toMatch(/^It is broken\./);
    expect(now().results.rows.get(ids()[0]!)!.done).toBe(3);
  });

  it('writes its answers as they come: they do not wait for the end in memory', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await open({ controls: { teacher: { beforeBatch: () => held } } });
    await openData();
    world.evaluation.run();
    await until(() => now().results.rows.get(ids()[0]!)?.done === 1);
    // As when the page is hidden, and every two seconds.
    world.evaluation.leave();
    let written: readonly string[] = [];
    await until(() => {
      void world.records.keys('answers', 'scope:').then((keys) => {
        written = keys;
      });
      return written.length > 0;
    });
    expect(now().state).toBe('running');
    release();
    await ended();
  });

  it('lets the columns go first, and goes on after them', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await open({ controls: { teacher: { beforeBatch: () => held } } });
    await openData();
    world.evaluation.run();
    await until(() => now().phase === 'scoring' && now().results.rows.get(ids()[0]!)?.done === 1);
    useQuery.setState({ text: 'apple', suggestions: [], own: true });
    world.rank();
    release();
    await settled();
    expect(column('student').state).toBe('done');
    await ended();
    expect(now().state).toBe('done');
  });
});
