import * as Comlink from 'comlink';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { WorkerConnection } from './connection.ts';
import { PortWorker } from './testing/port-worker.ts';

interface Api {
  double(x: number): number;
  fail(kind: 'ours' | 'plain' | 'uncloneable'): void;
  hang(): Promise<void>;
  each(xs: readonly number[], onItem: (x: number) => void): Promise<number>;
}

const api: Api = {
  double: (x) => 2 * x,
  fail: (kind) => {
    if (kind === 'plain') throw new TypeError('not so');
    const details = kind === 'ours' ? { line: 3 } : { line: () => 3 };
    throw new RankscopeError('bad-input', 'corpus.csv, line 3: no quote ends.', details);
  },
  hang: () => new Promise(() => {}),
  each: async (xs, onItem) => {
    for (const x of xs) await onItem(x);
    return xs.length;
  },
};

let workers: PortWorker[] = [];
function connect(startMs?: number): WorkerConnection<Api> {
  const spawn = (): PortWorker => {
    const worker = new PortWorker(api);
    workers.push(worker);
    return worker;
  };
  return new WorkerConnection<Api>('test', spawn, startMs);
}

/** A connection whose worker has loaded. */
async function loaded(): Promise<WorkerConnection<Api>> {
  const connection = connect();
  await connection.load((r) => r.double(1));
  return connection;
}

afterEach(() => {
  for (const worker of workers) worker.terminate();
  workers = [];
});

describe('WorkerConnection', () => {
  it('answers calls, callbacks included', async () => {
    const connection = connect();
    const seen: number[] = [];
    expect(connection.loaded).toBe(false);
    expect(await connection.load((r) => r.double(21))).toBe(42);
    expect(
      await connection.call((r) =>
        r.each(
          [1, 2, 3],
          Comlink.proxy((x) => void seen.push(x)),
        ),
      ),
    ).toBe(3);
    expect(seen).toEqual([1, 2, 3]);
    expect(workers).toHaveLength(1);
  });

  it('rebuilds our errors with code, message and details', async () => {
    const error = await connect()
      .load((r) => r.fail('ours'))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RankscopeError);
    expect(error).toMatchObject({
      code: 'bad-input',
      message: 'corpus.csv, line 3: no quote ends.',
      details: { line: 3 },
    });
  });

  it('gives foreign errors the code internal, and drops details that cannot be cloned', async () => {
    const connection = await loaded();
    await expect(connection.call((r) => r.fail('plain'))).rejects.toMatchObject({
      code: 'internal',
      message: 'not so',
    });
    await expect(connection.call((r) => r.fail('uncloneable'))).rejects.toMatchObject({
      code: 'bad-input',
      details: {},
    });
  });

  it('rejects an argument that cannot be cloned, and lives on', async () => {
    const connection = await loaded();
    const bare = (() => {}) as (x: number) => void;
    await expect(connection.call((r) => r.each([1], bare))).rejects.toBeInstanceOf(RankscopeError);
    expect(await connection.call((r) => r.double(1))).toBe(2);
  });

  it('terminate rejects every pending call, and the next load starts a fresh worker', async () => {
    const connection = await loaded();
    const deaths: string[] = [];
    connection.onDeath((reason) => deaths.push(reason.code));
    const pending = [connection.call((r) => r.hang()), connection.call((r) => r.hang())];
    connection.terminate();
    for (const call of pending) await expect(call).rejects.toMatchObject({ code: 'worker' });
    connection.terminate();
    expect(deaths).toEqual(['worker']);
    expect(await connection.load((r) => r.double(4))).toBe(8);
    expect(workers).toHaveLength(2);
  });

  it('a call never reaches a worker that has loaded nothing', async () => {
    const connection = connect();
    const refused = { code: 'worker', message: expect.stringContaining('test worker') };
    await expect(connection.call((r) => r.double(1))).rejects.toMatchObject(refused);
    expect(workers).toHaveLength(0);
    await expect(connection.load((r) => r.fail('ours'))).rejects.toMatchObject({ code: 'bad-input' });
    expect(connection.loaded).toBe(false);
    await expect(connection.call((r) => r.double(1))).rejects.toMatchObject(refused);
    await connection.load((r) => r.double(1));
    expect(connection.loaded).toBe(true);
    connection.terminate();
    await expect(connection.call((r) => r.double(1))).rejects.toMatchObject(refused);
    connection.tell((r) => r.double(1));
    expect(workers).toHaveLength(1);
  });

  it('a worker that never says that it lives is given up', async () => {
    const connection = connect(20);
    await expect(connection.load((r) => r.hang())).rejects.toMatchObject({
      code: 'worker',
      message: expect.stringContaining('did not start'),
    });
    // One that has said so may take its time.
    const patient = connect(20);
    const loading = patient.load(async (r) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return r.double(3);
    });
    workers[1]!.dispatchEvent(new MessageEvent('message', { data: { lifeLock: null } }));
    expect(await loading).toBe(6);
  });

  it.each(['error', 'messageerror'])('an %s event ends the worker and its calls', async (type) => {
    const connection = await loaded();
    const pending = connection.call((r) => r.hang());
    workers[0]!.dispatchEvent(new Event(type));
    await expect(pending).rejects.toMatchObject({
      code: 'worker',
      message: expect.stringContaining('test worker'),
    });
    expect(connection.loaded).toBe(false);
  });

  it('notices a worker that ends without an event: its life lock is given back', async () => {
    const granted = new Map<string, () => void>();
    vi.stubGlobal('navigator', {
      locks: { request: async (name: string, then: () => void) => void granted.set(name, then) },
    });
    try {
      const connection = await loaded();
      const pending = connection.call((r) => r.hang());
      workers[0]!.dispatchEvent(new MessageEvent('message', { data: { lifeLock: 'its-lock' } }));
      expect(connection.loaded).toBe(true);
      granted.get('its-lock')!();
      await expect(pending).rejects.toMatchObject({
        code: 'worker',
        message: expect.stringContaining('ended unexpectedly'),
      });
      expect(connection.loaded).toBe(false);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('a worker that cannot be made is a worker error', async () => {
    const connection = new WorkerConnection<Api>('test', () => {
      throw new Error('blocked by policy');
    });
    await expect(connection.load((r) => r.double(1))).rejects.toMatchObject({
      code: 'worker',
      message: expect.stringContaining('blocked by policy'),
    });
  });
});
