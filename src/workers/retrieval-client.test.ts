import { afterEach, describe, expect, it } from 'vitest';
import { withCallback } from '../../workers/callback.ts';
import { RetrievalService } from '../../workers/retrieval-service.ts';
import { DEFAULT_BM25 } from '../retrieval/types.ts';
import { RetrievalClient } from './retrieval-client.ts';
import type { RetrievalWorkerApi } from './retrieval-protocol.ts';
import { PortWorker } from './testing/port-worker.ts';

const params = DEFAULT_BM25;
const silent = (): void => {};
let workers: PortWorker[] = [];

/** As the worker offers it: no answer overtakes a call of the page's callback. */
const api = (service: RetrievalService): RetrievalWorkerApi => ({
  load: (request, onProgress) => withCallback(onProgress, (call) => service.load(request, call)),
  search: (query, k, fill) => service.search(query, k, fill),
  reindex: (params, onProgress) => withCallback(onProgress, (call) => service.reindex(params, call)),
  cancel: () => service.cancel(),
});

function connect(): RetrievalClient {
  return new RetrievalClient(() => {
    const worker = new PortWorker(api(new RetrievalService()));
    workers.push(worker);
    return worker;
  });
}

afterEach(() => {
  for (const worker of workers) worker.terminate();
  workers = [];
});

describe('RetrievalClient', () => {
  it('loads, searches and explains over messages', async () => {
    const client = connect();
    const phases = new Set<string>();
    const source = new Blob(['a\tA wing in a slipstream.\nb\tHeat in slabs.']);
    const summary = await client.load({ source, params }, ({ phase }) => phases.add(phase));
    expect(summary.passages).toBe(2);
    expect([...phases]).toEqual(['reading', 'indexing']);
    const { hits, passages, matched } = await client.find('Which wing?', 10);
    expect({ hits, matched }).toMatchObject({ hits: [{ id: 'a', terms: [{ term: 'wing' }] }], matched: 1 });
    expect(passages).toEqual([{ id: 'a', text: 'A wing in a slipstream.' }]);
    expect((await client.find('wing', 10)).hits).toEqual(hits);
    await client.reindex({ ...params, stopWords: false });
    expect((await client.find('in', 10)).hits).toHaveLength(2);
  });

  it('brings problems across with their lines', async () => {
    await expect(
      connect().load({ source: '{"text": "a"}\n{"words": ""}', params }, silent),
    ).rejects.toMatchObject({
      name: 'RankscopeError',
      code: 'bad-input',
      details: { problemCount: 1, problems: [{ line: 2 }] },
    });
  });

  it('cancel reaches a load at work', async () => {
    const client = connect();
    await client.load({ source: 'a\twing', params }, silent);
    const source = Array.from({ length: 60_000 }, (_, i) => `wing number w${i}`).join('\n');
    let asked = false;
    const job = client.load({ source, params }, () => {
      if (!asked) client.cancel();
      asked = true;
    });
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(client.alive).toBe(false);
    expect(workers).toHaveLength(1);
  });

  it('after terminate nothing is answered from an empty worker; the next load starts another', async () => {
    const client = connect();
    await client.load({ source: 'a\twing\nb\tlift', params }, silent);
    const pending = client.find('wing', 1);
    client.terminate();
    await expect(pending).rejects.toMatchObject({ code: 'worker' });
    expect(client.alive).toBe(false);
    client.cancel();
    expect(client.alive).toBe(false);
    await expect(client.find('wing', 1)).rejects.toMatchObject({ code: 'worker' });
    expect(workers).toHaveLength(1);
    await client.load({ source: 'a\twing\nb\tlift', params }, silent);
    expect((await client.find('wing', 1)).hits).toHaveLength(1);
    expect(workers).toHaveLength(2);
  });
});
