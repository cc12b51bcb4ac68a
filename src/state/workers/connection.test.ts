import * as Comlink from 'comlink';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RankscopeError } from '../../errors.ts';
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
function connect(): WorkerConnection<Api> {
  return new WorkerConnection<Api>('test', () => {
    const worker = new PortWorker(api);
    workers.push(worker);
    return worker;
  });
}

afterEach(() => {
  for (const worker of workers) worker.terminate();
  workers = [];
});

describe('WorkerConnection', () => {
  it('answers calls, callbacks included', async () => {
    const connection = connect();
    const seen: number[] = [];
    expect(connection.alive).toBe(false);
    expect(await connection.call((r) => r.double(21))).toBe(42);
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
      .call((r) => r.fail('ours'))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RankscopeError);
    expect(error).toMatchObject({
      code: 'bad-input',
      message: 'corpus.csv, line 3: no quote ends.',
      details: { line: 3 },
    });
  });

  it('gives foreign errors the code internal, and drops details that cannot be cloned', async () => {
    const connection = connect();
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
    const connection = connect();
    const bare = (() => {}) as (x: number) => void;
    await expect(connection.call((r) => r.each([1], bare))).rejects.toBeInstanceOf(RankscopeError);
    expect(await connection.call((r) => r.double(1))).toBe(2);
  });

  it('terminate rejects every pending call, and the next call starts a fresh worker', async () => {
    const connection = connect();
    const deaths: string[] = [];
    connection.onDeath((reason) => deaths.push(reason.code));
    const pending = [connection.call((r) => r.hang()), connection.call((r) => r.hang())];
    connection.terminate();
    for (const call of pending) await expect(call).rejects.toMatchObject({ code: 'worker' });
    connection.terminate();
    expect(deaths).toEqual(['worker']);
    expect(await connection.call((r) => r.double(4))).toBe(8);
    expect(workers).toHaveLength(2);
  });

  it.each(['error', 'messageerror'])('an %s event ends the worker and its calls', async (type) => {
    const connection = connect();
    const pending = connection.call((r) => r.hang());
    workers[0]!.dispatchEvent(new Event(type));
    await expect(pending).rejects.toMatchObject({
      code: 'worker',
      message: expect.stringContaining('test worker'),
    });
    expect(connection.alive).toBe(false);
  });

  it('notices a worker that ends without an event: its life lock is given back', async () => {
    const granted = new Map<string, () => void>();
    vi.stubGlobal('navigator', {
      locks: { request: async (name: string, then: () => void) => void granted.set(name, then) },
    });
    try {
      const connection = connect();
      const pending = connection.call((r) => r.hang());
      workers[0]!.dispatchEvent(new MessageEvent('message', { data: { lifeLock: 'its-lock' } }));
      expect(connection.alive).toBe(true);
      granted.get('its-lock')!();
      await expect(pending).rejects.toMatchObject({
        code: 'worker',
        message: expect.stringContaining('ended unexpectedly'),
      });
      expect(connection.alive).toBe(false);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('a worker that cannot be made is a worker error', async () => {
    const connection = new WorkerConnection<Api>('test', () => {
      throw new Error('blocked by policy');
    });
    await expect(connection.call((r) => r.double(1))).rejects.toMatchObject({
      code: 'worker',
      message: expect.stringContaining('blocked by policy'),
    });
  });
});
