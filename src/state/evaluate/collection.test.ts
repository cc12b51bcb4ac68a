import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../sources/local-files.ts';
import { memoryRecords } from '../../storage/records.ts';
import { FakeCollections } from '../testing/fakes.ts';
import { until } from '../testing/world.ts';
import { Collections, noCollection, useCollection } from './collection.ts';

const fetchJson = async (path: string): Promise<unknown> => {
  throw new Error(`${path} is not there.`);
};

let collections: Collections;
beforeEach(() => {
  useCollection.setState(noCollection);
  collections = new Collections({ worker: () => new FakeCollections(), records: memoryRecords(), fetchJson });
});
afterEach(() => collections.stop());

async function give(files: Readonly<Record<string, string>>): Promise<void> {
  const list = Object.entries(files).map(([path, text]) => {
    const blob = new Blob([text]);
    return { path, size: blob.size, blob };
  });
  const local: LocalModel = { kind: 'folder', name: 'given', files: list };
  await collections.openLocal(Promise.resolve(local));
  await until(() => useCollection.getState().state !== 'opening');
}

const now = () => useCollection.getState();
const CORPUS = { 'corpus.jsonl': '{"_id": "d1", "text": "An apple."}\n{"_id": "d2", "text": "A pear."}\n' };
const QUERIES = { 'queries.jsonl': '{"_id": "q1", "text": "apple"}\n' };
const QRELS = { 'test.qrels': 'q1 0 d1 1\n' };

describe('data', () => {
  it('given in several drops is put together as soon as nothing is missing', async () => {
    await give(CORPUS);
    expect(now()).toMatchObject({ state: 'error', error: { details: { incomplete: true } } });
    await give(QUERIES);
    expect(now().error?.message).toMatch(/something is missing: judgments \(qrels\)/);
    await give(QRELS);
    expect(now()).toMatchObject({ state: 'ready', error: null, summary: { passages: 2 } });
    expect(now().qrels.get('q1')?.get('d1')).toBe(1);
  });

  it('stays open where what is given after it cannot be read, and takes a file more', async () => {
    await give({ ...CORPUS, ...QUERIES, ...QRELS });
    await give({ 'dl.qrels': 'q1 0 d1 good\n', 'x.run': 'q1 Q0 d2 1 1 x\n' });
    expect(now()).toMatchObject({ state: 'ready', summary: { passages: 2 } });
    expect(now().error?.message).toMatch(/^dl\.qrels, line 1: the grade must be a whole number/);
    expect(collections.worker).toBeDefined();
    await give({ 'x.run': 'q1 Q0 d2 1 1 x\n' });
    expect(now()).toMatchObject({ state: 'ready', error: null, summary: { runs: [{ name: 'x' }] } });
  });

  it('closed is forgotten', async () => {
    await give({ ...CORPUS, ...QUERIES, ...QRELS });
    await collections.close();
    expect(now()).toEqual(noCollection);
    await collections.restore();
    expect(now()).toEqual(noCollection);
  });
});
