import { afterEach, describe, expect, it } from 'vitest';
import { memoryTextStore, type TextStore } from '../../storage/local.ts';
import { memoryRecords, type Records } from '../../storage/records.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useGrades } from '../grades.ts';
import { useNotices } from '../notices.ts';
import { inputKey } from '../run/inputs.ts';
import { COLUMNS, useRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';
import { column, openReady, openWorld, settled, TEXT, until, type World } from '../testing/world.ts';
import { packRun, unpackRun } from './saved-run.ts';
import { unpackSettings } from './saved-settings.ts';

let world: World;
afterEach(() => world.stop());

const messages = (): string =>
  useNotices
    .getState()
    .notices.map((n) => n.message)
    .join('\n');

/** What IndexedDB does to values on their way in. */
function cloning(records: Records): Records {
  return { ...records, put: (table, key, value) => records.put(table, key, structuredClone(value)) };
}

/** Leaves the page as a reload does, and opens it again over the same storage. */
async function reload(): Promise<World> {
  const { local, records } = world;
  world.persistence.writeSmall();
  await world.persistence.writeRun();
  world.stop();
  const next = openWorld({ local, records });
  await next.restored;
  return next;
}

describe('what a version before stemming stored', () => {
  const before = { k1: 0.9, b: 0.4, delta: 0, stopWords: false, fold: true };

  it('is taken on with today’s default as a setting, which never could be chosen; a ranking stays without', async () => {
    world = await openReady();
    const bm25 = unpackSettings({ bm25: before })?.bm25;
    expect(bm25).toEqual({ ...before, stemming: 'english' });
    expect(unpackSettings({ bm25: { ...bm25, stemming: 'none' } })?.bm25.stemming).toBe('none');
    world.rank();
    await settled();
    const packed = packRun(useRun.getState().columns) as Record<string, Record<string, unknown>>;
    expect(unpackRun(packed)?.bm25.bm25?.stemming).toBe('english');
    for (const saved of Object.values(packed)) delete saved.bm25;
    expect(unpackRun(packed)?.bm25.bm25?.stemming).toBe('none');
  });
});

describe('what a version stored that called things by other names', () => {
  const corpus = { fingerprint: 'f', format: null, skipBadLines: false };
  const key = (column: 'student' | 'teacher', saved: object) =>
    inputKey(column, { settings: unpackSettings(saved)!, corpus, query: { text: 'apple' } });

  it('is read as the settings of today, with the keys of then: results are not stale for it', () => {
    expect(unpackSettings({ studentMode: 'rg', schedule: 'sliding-window' })).toMatchObject({
      ...{ studentMode: 'base', schedule: 'sliding' },
    });
    expect(key('student', {})).toBe('1s20g6oxt0d');
    expect(key('student', { studentMode: 'rg' })).toBe('19mghyiaygy');
    expect(key('teacher', {})).toBe('12j7358xp67');
    expect(key('teacher', { schedule: 'sliding-window' })).toBe('e9wx0nmw9d');
  });

  it('opens as the results of the method of today', async () => {
    const records = cloning(memoryRecords());
    world = await openReady({ records });
    world.rank();
    await settled();
    const before = column('student');
    expect(before.method).toBe('pointwise-yes');
    await world.persistence.writeRun();
    const saved = structuredClone(await records.get('run', 'last')) as {
      columns: { student: { method: string } };
    };
    saved.columns.student.method = 'student';
    await records.put('run', 'last', saved);
    const { local } = world;
    world.persistence.writeSmall();
    world.stop();
    world = openWorld({ local, records });
    await world.restored;
    const { method, order, scores, stale } = before;
    expect(column('student')).toMatchObject({ method, order, scores, stale, state: 'done' });
  });
});

describe('a reload', () => {
  it('keeps corpus, query, settings, grades and the last results', async () => {
    world = await openReady({ records: cloning(memoryRecords()) });
    useSettings.getState().setK(3);
    useSettings.getState().setTheme('dark');
    useGrades.getState().setGrade('apple', 'red apple', 2);
    world.rank();
    await settled();
    const before = useRun.getState().columns;
    world = await reload();
    expect(useCorpus.getState().boxText).toBe(TEXT);
    expect(useQuery.getState().text).toBe('apple');
    expect(useSettings.getState()).toMatchObject({ k: 3, theme: 'dark' });
    expect(useGrades.getState().gradeOf('apple', 'red apple')).toBe(2);
    for (const id of COLUMNS) {
      const { order, scores, candidates, asked, tokens, ms, info, template, state } = before[id];
      expect(column(id)).toMatchObject({
        order,
        scores,
        candidates,
        asked,
        tokens,
        ms,
        info,
        template,
        state,
      });
      expect(column(id).stale).toBe(false);
    }
    expect(column('teacher').matrix!.list()).toEqual(before.teacher.matrix!.list());
    expect(messages()).toBe('');
  });

  it('in mid-run comes back as cancelled, and resumes without asking anything twice', async () => {
    world = await openReady({ records: cloning(memoryRecords()) });
    world.controls.teacher.beforeBatch = (batch) => (batch > 1 ? new Promise(() => {}) : undefined);
    world.rank();
    await until(() => column('teacher').asked > 0);
    expect(column('teacher').state).toBe('running');
    const asked = column('teacher').asked;
    // A reload while the worker is at it: nothing is cancelled first.
    const { local, records } = world;
    world.persistence.writeSmall();
    await world.persistence.writeRun();
    world.stop();
    await world.orchestrator.finished;
    world = openWorld({ local, records });
    await world.restored;
    expect(COLUMNS.map((id) => column(id).state)).toEqual(['done', 'done', 'cancelled']);
    expect(column('teacher').asked).toBe(asked);
    world.resume();
    await settled();
    expect(column('teacher')).toMatchObject({ state: 'done', cached: asked, asked: 12 - asked });
    expect(world.worker('student').asked).toBe(0);
  });

  it('keeps a large corpus as a Blob', async () => {
    world = await openReady();
    const large = Array.from(
      { length: 6000 },
      (_, i) => `apple number ${i} of a very long list of apples`,
    ).join('\n');
    useCorpus.getState().setText(large);
    expect(useCorpus.getState()).toMatchObject({ boxReadOnly: true, source: { kind: 'paste' } });
    const { fingerprint } = useCorpus.getState();
    await new Promise((resolve) => setTimeout(resolve, 5));
    world = await reload();
    expect(useCorpus.getState().fingerprint).toBe(fingerprint);
    await until(() => useCorpus.getState().index.state === 'ready');
    expect(useCorpus.getState().index).toMatchObject({ summary: { passages: 6000 } });
  });
});

describe('stored state that cannot be read', () => {
  const stores: [what: string, spoil: (local: TextStore, records: Records) => void | Promise<void>][] = [
    ['is no JSON', (local) => local.setItem('rankscope.settings', '{"version":1,')],
    ['is of another version', (local) => local.setItem('rankscope.page', '{"version":99,"data":{}}')],
    [
      'is far too long',
      (local) => local.setItem('rankscope.settings', JSON.stringify({ version: 1, data: 'x'.repeat(3e6) })),
    ],
    [
      'is nested without end',
      (local) =>
        local.setItem('rankscope.grades', `{"version":1,"data":${'['.repeat(3e5)}${']'.repeat(3e5)}}`),
    ],
    [
      'has a text that the box would not take',
      (local) =>
        local.setItem(
          'rankscope.page',
          JSON.stringify({
            version: 1,
            data: { query: '', corpus: { kind: 'text', text: 'a'.repeat(5e5) } },
          }),
        ),
    ],
    [
      'has a query that the box would not take',
      (local) =>
        local.setItem(
          'rankscope.page',
          JSON.stringify({ version: 1, data: { query: 'a'.repeat(5e5), corpus: { kind: 'none' } } }),
        ),
    ],
    [
      'claims a list without end',
      async (_, records) => {
        const saved = structuredClone(await records.get('run', 'last')) as {
          columns: { bm25: { candidates: unknown } };
        };
        saved.columns.bm25.candidates = new Array(4e9);
        await records.put('run', 'last', saved);
      },
    ],
    ['has another shape', (local) => local.setItem('rankscope.grades', '{"version":1,"data":[["a"]]}')],
    [
      'is a broken run',
      (_, records) => records.put('run', 'last', { version: 1, columns: { bm25: { state: 'done' } } }),
    ],
    [
      'lists a candidate that is not there',
      async (_, records) => {
        const saved = structuredClone(await records.get('run', 'last')) as {
          columns: { teacher: { order: number[] } };
        };
        saved.columns.teacher.order = [0, 1, 2, 99];
        await records.put('run', 'last', saved);
      },
    ],
  ];
  it.each(stores)('and %s is dropped with a notice; the page works', async (_what, spoil) => {
    const local = memoryTextStore();
    const records = memoryRecords();
    world = await openReady({ local, records });
    world.rank();
    await settled();
    world.persistence.writeSmall();
    await world.persistence.writeRun();
    world.stop();
    await spoil(local, records);
    world = openWorld({ local, records });
    await world.restored;
    expect(messages()).toMatch(/could not be read/);
    useCorpus.getState().setText(TEXT);
    useQuery.setState({ text: 'apple' });
    world.rank();
    await settled();
    expect(column('teacher').state).toBe('done');
    // The notice does not come back.
    world = await reload();
    expect(messages()).toBe('');
  });

  it('begins with the first sample where the stored texts cannot be read', async () => {
    const local = memoryTextStore();
    local.setItem('rankscope.page', '[]');
    world = openWorld({ local });
    await world.restored;
    expect(messages()).toContain('Stored texts could not be read and were reset.');
    expect(useCorpus.getState().source).toEqual({ kind: 'sample', id: 'fruit' });
  });

  it.each([1e300, -1, Number.NaN, 'large', undefined])(
    'a stored file is as large as its content, whatever is said of it: %s',
    async (size) => {
      const local = memoryTextStore();
      const records = memoryRecords();
      const fingerprint = 'file:teas.txt:1:2';
      const corpus = { kind: 'stored', fingerprint };
      local.setItem('rankscope.page', JSON.stringify({ version: 1, data: { query: 'apple', corpus } }));
      const file = { kind: 'file', name: 'teas.txt', modified: 2, size, blob: new Blob([TEXT]) };
      const source = { ...file, excerpt: TEXT.repeat(1000) };
      await records.put('corpus', 'source', { version: 1, fingerprint, source });
      world = openWorld({ local, records });
      await world.restored;
      expect(useCorpus.getState().source).toMatchObject({ kind: 'file', size: TEXT.length });
      expect(useCorpus.getState().boxText.length).toBeLessThan(5_000);
      await until(() => useCorpus.getState().index.state === 'ready');
      expect(messages()).toBe('');
    },
  );

  it('a stored paste that contradicts itself is left, and said to be', async () => {
    const local = memoryTextStore();
    const records = memoryRecords();
    const fingerprint = 'paste:x';
    const corpus = { kind: 'stored', fingerprint };
    local.setItem('rankscope.page', JSON.stringify({ version: 1, data: { query: 'apple', corpus } }));
    const source = { kind: 'paste', hash: 'x', size: 1e15, blob: new Blob([TEXT]), excerpt: '' };
    await records.put('corpus', 'source', { version: 1, fingerprint, source });
    world = openWorld({ local, records });
    await world.restored;
    expect(useCorpus.getState().source.kind).toBe('none');
    expect(messages()).toMatch(/could not be kept/);
  });

  it('bad fields of settings fall back one by one', async () => {
    const local = memoryTextStore();
    const data = {
      k: 7000,
      theme: 'pink',
      schedule: 'heapsort',
      bm25: { k1: -4 },
      customTemplates: [{ id: 'x' }],
    };
    local.setItem('rankscope.settings', JSON.stringify({ version: 1, data }));
    world = openWorld({ local });
    expect(useSettings.getState()).toMatchObject({
      k: 100,
      theme: 'system',
      schedule: 'heapsort',
      bm25: { k1: 1.2 },
    });
    expect(useSettings.getState().customTemplates).toEqual([]);
  });
});

describe('storage that refuses', () => {
  it('localStorage without room: a notice, and the page goes on', async () => {
    const full: TextStore = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
      removeItem: () => {},
    };
    world = await openReady({ local: full });
    world.persistence.writeSmall();
    expect(messages()).toMatch(/no room/);
    world.rank();
    await settled();
    expect(column('teacher').state).toBe('done');
  });
});
