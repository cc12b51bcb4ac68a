/** Rows of services: asked about before, counted after, their key nowhere. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RemoteService, startService } from '../../../trainer/testing/remote-service.ts';
import { PRP } from '../../ranking/presets.ts';
import { createAsking } from '../inspector/asking.ts';
import { ModelSlots } from '../models/model-slots.ts';
import { useModels } from '../models/models.ts';
import { useConsent } from '../remote/consent.ts';
import { connectRemote, useRemote } from '../remote/remote.ts';
import { useRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';
import { FakeScorerWorker } from '../testing/fakes.ts';
import { openHere } from '../testing/open-here.ts';
import { openReady, openWorld, resetStores, settled, until, type World } from '../testing/world.ts';
import { useCollection } from './collection.ts';
import { evaluationJson } from './exports.ts';
import { rowId } from './recipe.ts';
import { setRecipe, useEvaluate } from './store.ts';

const KEY = 'sk-never-kept-4711';
let service: RemoteService;
let world: World | undefined;

beforeEach(async () => {
  service = await startService({ key: KEY });
});
afterEach(async () => {
  world?.stop();
  world = undefined;
  await service.close();
});

const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const FILES = {
  'corpus.jsonl': lines([
    { _id: 'd1', text: 'An apple is red.' },
    { _id: 'd2', text: 'A pear is not an apple, whatever people say about it.' },
    { _id: 'd3', text: 'Grapes grow in bunches, and an apple does not.' },
  ]),
  'queries.jsonl': lines([
    { _id: 'q1', text: 'red apple' },
    { _id: 'q2', text: 'apple bunches' },
  ]),
  'qrels/test.tsv': 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq2\td3\t1\n',
};

const now = () => useEvaluate.getState();
const asked = () =>
  until(() => useConsent.getState().asked !== null).then(() => useConsent.getState().asked!);
const price = { input: 2, output: 4 };
const connect = () => connectRemote({ endpoint: service.url, model: 'judge', price }, KEY, false);

async function opened(options: Parameters<typeof openWorld>[0] = {}): Promise<World> {
  world = openWorld(options);
  await world.restored;
  await until(() => now().recipe !== null);
  const files = Object.entries(FILES).map(([path, text]) => {
    const blob = new Blob([text]);
    return { path, size: blob.size, blob };
  });
  world.evaluation.openLocal(Promise.resolve({ kind: 'folder', name: 'fruit', files }));
  await until(() => useCollection.getState().state === 'ready' && now().results.found.length > 0);
  return world;
}

describe('a row of a service', () => {
  it('is asked about with calls, tokens and cost, counted, and its key is kept and exported nowhere', async () => {
    const { evaluation, records, local } = await opened();
    const checkpoint = connect();
    setRecipe({
      rows: [
        { method: 'listwise', checkpoint },
        { method: 'rerank', checkpoint },
      ],
    });
    const running = evaluation.run();
    const { asks, answer } = await asked();
    expect(now().state).not.toBe('running');
    // Two queries, a list and a request for their ranking each.
    expect(asks).toMatchObject([{ host: new URL(service.url).host, calls: 4 }]);
    expect(asks[0]!.inputTokens).toBeGreaterThan(50);
    expect(asks[0]!.cost).toBeCloseTo((asks[0]!.inputTokens! * 2 + asks[0]!.outputTokens * 4) / 1e6, 12);
    answer(false);
    await running;
    expect([now().state, service.seen.length]).toEqual(['idle', 0]);

    service.faults.push({ kind: 'status', status: 429, retryAfter: '2' });
    const again = evaluation.run();
    (await asked()).answer(true);
    await again;
    // What is waited for is said meanwhile.
    await until(() => useRemote.getState().services[0]!.waiting !== null);
    expect(useRemote.getState().services[0]!.waiting).toMatch(/limits requests: continuing in 2 s/);
    await until(() => now().state === 'done');
    expect(useRemote.getState().services[0]!.waiting).toBeNull();
    expect(service.seen.map(({ path }) => path).sort()).toEqual([
      '/v1/chat/completions',
      '/v1/chat/completions',
      '/v1/chat/completions',
      '/v1/rerank',
      '/v1/rerank',
    ]);
    expect(useRemote.getState().services[0]!.counts).toMatchObject({ requests: 5, answers: 4 });
    expect(now().results.rows.get(rowId(now().recipe!.rows[0]!))!.meta).toMatchObject({
      checkpoint: 'judge',
      service: new URL(service.url).host,
    });
    const kept = [];
    for (const kind of ['run', 'corpus', 'answers'] as const) {
      for (const key of await records.keys(kind as 'run', ''))
        kept.push(key, await records.get(kind as 'run', key));
    }
    const table = { columns: [], rows: [], reference: null, even: true };
    const coverage = { byRow: new Map(), common: [], commonCount: 0, even: true };
    const json = evaluationJson({ table, rows: [], reference: '', orders: [], coverage, tested: true });
    expect(JSON.stringify([kept, local.getItem('rankscope.evaluate'), json])).not.toContain(KEY);
  });

  it('is shown from kept answers, and asked no second time without a word', async () => {
    const { evaluation } = await opened({ parts: { openRecordingFile: openHere } });
    const checkpoint = connect();
    const row = { method: 'listwise', checkpoint } as const;
    setRecipe({ rows: [row] });
    const running = evaluation.run();
    (await asked()).answer(true);
    await running;
    await until(() => now().state === 'done');
    const before = service.seen.length;
    expect(await evaluation.openQuery(0, [rowId(row)])).toBe(true);
    expect([service.seen.length, useConsent.getState().asked]).toEqual([before, null]);
    // Other words: nothing of them is kept, so the user is asked, and says no.
    setRecipe({ rows: [{ ...row, window: 2, step: 1 }] });
    const opening = evaluation.openQuery(0, [rowId({ ...row, window: 2, step: 1 })]);
    (await asked()).answer(false);
    expect(await opening).toBe(false);
    expect(service.seen).toHaveLength(before);
  });
});

describe('elsewhere', () => {
  it('a service is asked single questions only on the user’s word', async () => {
    resetStores();
    const worker = new FakeScorerWorker('teacher', {}, []);
    const slots = new ModelSlots(() => worker, 'http://page/models/');
    useModels.setState({ catalog: [] });
    const id = connect();
    const entry = useModels.getState().catalog!.find((one) => one.id === id)!;
    slots.want('teacher', { entry, device: 'auto' });
    const asking = createAsking({ slots, ranking: () => false, makeRoom: async () => {} });
    const passages = [{ text: 'An apple.' }, { text: 'A pear.' }];
    const job = { template: PRP, questions: [{ query: { text: 'apple' }, passages }] };
    const refused = asking.ask('teacher', job, () => {});
    const { asks, answer } = await asked();
    expect(asks).toMatchObject([{ calls: 1, upperBound: false }]);
    answer(false);
    await expect(refused).rejects.toMatchObject({ code: 'cancelled' });
    expect(service.seen).toHaveLength(0);
    const given: number[] = [];
    const agreed = asking.ask('teacher', job, (answers) => given.push(...answers.map(({ index }) => index)));
    (await asked()).answer(true);
    await agreed;
    expect([given, service.seen.length]).toEqual([[0], 1]);
    expect(useRemote.getState().services[0]!.counts.requests).toBe(1);
  });

  it('nor is it asked everything again, or by a run that goes on after a reload, without one', async () => {
    world = await openReady();
    const id = connect();
    useSettings.setState({ schedule: 'listwise' });
    useSettings.getState().chooseModel('teacher', id);
    await until(() => useModels.getState().slots.teacher.status === 'ready');
    world.rank();
    await until(() => useRun.getState().needsConfirmation !== null);
    world.confirm();
    await settled();
    const once = service.seen.length;
    expect(once).toBeGreaterThan(0);
    world.measureAgain();
    (await asked()).answer(false);
    await until(() => !useRun.getState().active);
    // What is kept is there again without asking.
    world.rank();
    await settled();
    expect([service.seen.length, useRun.getState().columns.teacher.state]).toEqual([once, 'done']);
    world.measureAgain();
    (await asked()).answer(true);
    await until(() => !useRun.getState().active);
    expect(service.seen).toHaveLength(2 * once);
  });
});
