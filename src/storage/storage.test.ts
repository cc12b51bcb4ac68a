import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CachedAnswer } from '../ranking/answer.ts';
import { AnswerCache, type AnswerNews } from './answers.ts';
import { LONGEST_LOCAL, memoryTextStore, readLocal, writeLocal } from './local.ts';
import { memoryRecords, type Records, resilient } from './records.ts';

const answer = (key: string): CachedAnswer => ({ key, logits: [1, 2], tokens: 5, ms: 1 });
const keys = (answers: readonly CachedAnswer[]) => answers.map((a) => a.key).sort();

describe('AnswerCache', () => {
  it('gives back what was added, from memory and after a reload', async () => {
    const records = memoryRecords();
    const cache = new AnswerCache(records);
    await cache.add('s1', [answer('a'), answer('b')]);
    await cache.add('s2', [answer('c')]);
    await cache.add('s1', [{ ...answer('a'), ms: 9 }]);
    expect(keys(await cache.known('s1'))).toEqual(['a', 'b']);
    await cache.flush();
    const next = new AnswerCache(records);
    expect(keys(await next.known('s1'))).toEqual(['a', 'b']);
    expect((await next.known('s1')).find((a) => a.key === 'a')?.ms).toBe(9);
    expect(await next.known('s3')).toEqual([]);
  });

  it('adds to a scope that an earlier visit stored', async () => {
    const records = memoryRecords();
    const cache = new AnswerCache(records);
    await cache.add('s', [answer('a')]);
    await cache.flush();
    const next = new AnswerCache(records);
    await next.add('s', [answer('b')]);
    await next.flush();
    expect(keys(await new AnswerCache(records).known('s'))).toEqual(['a', 'b']);
  });

  it('writes an answer once, reads what versions before wrote whole, and joins a scope of many pieces', async () => {
    const memory = memoryRecords();
    const put: number[] = [];
    const records: Records = {
      ...memory,
      put: (table, key, value) => {
        if (key.startsWith('scope:')) put.push((value as { answers: unknown[] }).answers.length);
        return memory.put(table, key, value);
      },
    };
    await memory.put('answers', 'scope:s', { format: 1, answers: [answer('old')] });
    const cache = new AnswerCache(records);
    for (let i = 0; i < 60; i++) {
      await cache.add('s', [answer(`a${i}`), answer(`b${i}`)]);
      await cache.flush();
    }
    await cache.flush();
    expect(put).toEqual(Array.from({ length: 60 }, () => 2));
    expect(await memory.keys('answers', 'scope:s#')).toHaveLength(60);
    expect(await new AnswerCache(records).known('s')).toHaveLength(121);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await memory.keys('answers', 'scope:s')).toHaveLength(1);
    expect(await new AnswerCache(records).known('s')).toHaveLength(121);
    // A scope whose name begins like another's is another.
    expect(await new AnswerCache(records).known('')).toEqual([]);
  });

  it('stays within its bound whatever is added, and keeps the newest scope whole', async () => {
    const batches = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 8 })), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (steps) => {
        const records = memoryRecords();
        const cache = new AnswerCache(records, 10);
        let serial = 0;
        const held = new Map<string, number>();
        for (const [scope, count] of steps) {
          await cache.add(
            `s${scope}`,
            Array.from({ length: count }, () => answer(`k${serial++}`)),
          );
          await cache.flush();
        }
        const reread = new AnswerCache(records, 10);
        for (let scope = 0; scope <= 5; scope++)
          held.set(`s${scope}`, (await reread.known(`s${scope}`)).length);
        const newest = `s${steps.at(-1)![0]}`;
        expect(held.get(newest)).toBeGreaterThanOrEqual(steps.at(-1)![1]);
        const others = [...held].reduce((sum, [scope, count]) => (scope === newest ? sum : sum + count), 0);
        expect(others === 0 || others + held.get(newest)! <= 10).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('of two tabs keeps what both have learnt', async () => {
    const records = memoryRecords();
    const heard: ((news: AnswerNews) => void)[] = [];
    const tab = (): AnswerCache => {
      const own = heard.length;
      return new AnswerCache(records, 100, {
        post: (news) => heard.forEach((hear, i) => void (i !== own && hear(structuredClone(news)))),
        listen: (hear) => void heard.push(hear),
      });
    };
    const [a, b] = [tab(), tab()];
    await a.known('s');
    await b.known('s');
    await a.add('s', [answer('a1')]);
    await b.add('s', [answer('b1')]);
    await a.add('of a alone', [answer('a2')]);
    await a.flush();
    await b.flush();
    const next = new AnswerCache(records);
    expect(keys(await next.known('s'))).toEqual(['a1', 'b1']);
    expect(keys(await next.known('of a alone'))).toEqual(['a2']);
    const index = (await records.get('answers', 'index')) as { scopes: [string, unknown][] };
    expect(index.scopes.map(([scope]) => scope).sort()).toEqual(['of a alone', 's']);
  });

  it('skips stored answers that are broken', async () => {
    const records = memoryRecords();
    const broken = [
      answer('a'),
      { key: 'b', logits: ['x'], tokens: 1, ms: 1 },
      null,
      { ...answer('c'), logits: [Number.NaN] },
    ];
    await records.put('answers', 'scope:s', { format: 1, answers: broken });
    await records.put('answers', 'index', 'nonsense');
    const cache = new AnswerCache(records);
    expect(keys(await cache.known('s'))).toEqual(['a']);
    await cache.add('s', [answer('d')]);
    await cache.flush();
    expect(keys(await new AnswerCache(records).known('s'))).toEqual(['a', 'd']);
  });
});

describe('resilient records', () => {
  const failing = (name: string): Records => {
    const fail = async (): Promise<never> => {
      throw new DOMException('no', name);
    };
    return { get: fail, put: fail, delete: fail, keys: fail };
  };

  it('keep values in memory and say once why', async () => {
    const told: string[] = [];
    const records = resilient(failing('QuotaExceededError'), (message) => told.push(message));
    await records.put('run', 'last', 1);
    await records.put('run', 'last', 2);
    expect(await records.get('run', 'last')).toBe(2);
    await records.delete('run', 'last');
    expect(await records.get('run', 'last')).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/storage is full.*until this page is closed/);
  });

  it('do without a store that never answers, and wait for it once only', async () => {
    const told: string[] = [];
    const never = (): Promise<never> => new Promise(() => {});
    const records = resilient(
      { get: never, put: never, delete: never, keys: never },
      (m) => told.push(m),
      30,
    );
    void records.put('run', 'last', 1);
    expect(await records.get('run', 'last')).toBe(1);
    expect(await records.get('corpus', 'source')).toBeUndefined();
    for (let i = 0; i < 20; i++) expect(await records.get('answers', `scope:${i}`)).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('is not responding')]);
  });

  it('prefer what is stored once storing works again', async () => {
    const memory = memoryRecords();
    let full = true;
    const flaky: Records = {
      ...memory,
      put: async (...args) => {
        if (full) throw new DOMException('no', 'QuotaExceededError');
        await memory.put(...args);
      },
    };
    const records = resilient(flaky, () => {});
    await records.put('run', 'last', 'in memory');
    full = false;
    await records.put('run', 'last', 'stored');
    expect(await records.get('run', 'last')).toBe('stored');
    expect(await memory.get('run', 'last')).toBe('stored');
  });
});

describe('local values', () => {
  const text = (data: unknown): string | undefined => (typeof data === 'string' ? data : undefined);

  it('come back as they were written', () => {
    const store = memoryTextStore();
    expect(readLocal(store, 'x', 1, text)).toEqual({ state: 'none' });
    expect(writeLocal(store, 'x', 1, 'hello')).toBe(true);
    expect(readLocal(store, 'x', 1, text)).toEqual({ state: 'ok', data: 'hello' });
  });

  it('that are too long are neither written nor read', () => {
    const store = memoryTextStore();
    const huge = 'x'.repeat(LONGEST_LOCAL);
    expect(writeLocal(store, 'x', 1, huge)).toBe(false);
    store.setItem('rankscope.x', JSON.stringify({ version: 1, data: huge }));
    expect(readLocal(store, 'x', 1, text)).toEqual({ state: 'dropped' });
    expect(readLocal(store, 'x', 1, text)).toEqual({ state: 'none' });
  });

  it('whose check fails with an error are dropped', () => {
    const store = memoryTextStore();
    writeLocal(store, 'x', 1, 'hello');
    const check = (): string => {
      throw new TypeError('not thought of');
    };
    expect(readLocal(store, 'x', 1, check)).toEqual({ state: 'dropped' });
  });

  it('of another version, shape or syntax are dropped for good', () => {
    for (const stored of [
      '{"version":2,"data":"x"}',
      '{"version":1,"data":7}',
      '{"version":1',
      'null',
      '[]',
    ]) {
      const store = memoryTextStore();
      store.setItem('rankscope.x', stored);
      expect(readLocal(store, 'x', 1, text)).toEqual({ state: 'dropped' });
      expect(readLocal(store, 'x', 1, text)).toEqual({ state: 'none' });
    }
  });
});
