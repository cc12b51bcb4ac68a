import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryTextStore, type TextStore } from '../../storage/local.ts';
import { memoryRecords, type Records } from '../../storage/records.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useGrades } from '../grades.ts';
import { useNotices } from '../notices.ts';
import { inputKey } from '../run/inputs.ts';
import { COLUMNS, type PointwiseRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';
import { column, openReady, openWorld, settled, TEXT, until, type World } from '../testing/world.ts';
import { unpackSettings } from './saved-settings.ts';

/** As version 1 wrote it: student done, teacher cancelled after it had been resumed once. */
const version1 = JSON.parse(
  readFileSync(new URL('./testing/run-version-1.json', import.meta.url), 'utf8'),
) as { version: number; columns: Record<(typeof COLUMNS)[number], Version1Column> };

interface Version1Column
  extends Pick<
    PointwiseRun,
    'order' | 'scores' | 'ms' | 'asked' | 'cached' | 'tokens' | 'earlierMs' | 'callMs'
  > {
  method: string;
  readonly query: string;
  readonly candidates: readonly object[];
  readonly decisions: readonly object[];
  readonly scored: readonly object[];
  readonly hits: readonly object[];
}

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
    const bm25 = unpackSettings({ bm25: before })?.bm25;
    expect(bm25).toEqual({ ...before, stemming: 'english' });
    expect(unpackSettings({ bm25: { ...bm25, stemming: 'none' } })?.bm25.stemming).toBe('none');
    const records = memoryRecords();
    const saved = structuredClone(version1) as { columns: Record<string, object> };
    const opens = async (): Promise<string | undefined> => {
      await records.put('run', 'last', saved);
      world = openWorld({ records });
      await world.restored;
      return column('bm25').bm25?.stemming;
    };
    expect(await opens()).toBe('english');
    world.stop();
    for (const one of Object.values(saved.columns)) delete (one as { bm25?: unknown }).bm25;
    expect(await opens()).toBe('none');
  });
});

describe('what a version stored that called things by other names', () => {
  const corpus = { fingerprint: 'f', format: null, skipBadLines: false };
  const key = (column: 'student' | 'teacher', saved: object) =>
    inputKey(column, { settings: unpackSettings(saved)!, corpus, query: { text: 'apple' } });

  it('is read as the settings of today, with the keys of then: results are not stale for it', () => {
    expect(unpackSettings({ studentMode: 'rg', schedule: 'sliding-window' })).toMatchObject({
      studentMode: 'base',
      schedule: 'sliding',
    });
    expect(key('student', {})).toBe('1s20g6oxt0d');
    expect(key('student', { studentMode: 'rg' })).toBe('19mghyiaygy');
    expect(key('teacher', {})).toBe('12j7358xp67');
    expect(key('teacher', { schedule: 'sliding-window' })).toBe('e9wx0nmw9d');
  });

  it('opens as the results of the method of today', async () => {
    const records = memoryRecords();
    const saved = structuredClone(version1);
    saved.columns.student.method = 'student';
    await records.put('run', 'last', saved);
    world = openWorld({ records });
    await world.restored;
    const { order, scores } = version1.columns.student;
    expect(column('student')).toMatchObject({ method: 'pointwise-yes', order, scores, state: 'done' });
  });
});

describe('what a version stored that wrote columns whole', () => {
  it('opens as it was, with a log made of it, can be resumed, and is kept in today’s format', async () => {
    const records = memoryRecords();
    await records.put('run', 'last', structuredClone(version1));
    world = await openReady({ records });
    expect(messages()).toBe('');
    for (const id of COLUMNS) {
      const { order, scores, candidates, query, ms } = version1.columns[id];
      expect(column(id)).toMatchObject({ order, scores, candidates, query });
      expect(column(id).ms).toBeCloseTo(ms, 6);
      expect(column(id).run?.set).toBe(column('bm25').run?.set);
    }
    const { asked, cached, tokens, earlierMs, decisions, callMs } = version1.columns.teacher;
    expect(column('teacher')).toMatchObject({ state: 'cancelled', asked, cached, tokens, earlierMs });
    expect(column('teacher').callMs).toBeCloseTo(callMs, 6);
    expect(column('teacher').matrix?.list()).toEqual(decisions);
    expect(column('student').scored).toEqual(version1.columns.student.scored);
    expect(column('bm25').hits).toEqual(version1.columns.bm25.hits);
    world = await reload();
    expect(await records.get('run', 'last')).toMatchObject({ format: 'rankscope-run/2' });
    expect(column('teacher')).toMatchObject({ state: 'cancelled', asked, cached, tokens, earlierMs });
    expect(column('teacher').matrix?.list()).toEqual(decisions);
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
    const before = { bm25: column('bm25'), student: column('student'), teacher: column('teacher') };
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
    expect(column('teacher').log!.from(0)).toEqual(before.teacher.log!.from(0));
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

/** Changes what is stored under keys of some form. */
async function spoilRecord(
  records: Records,
  key: RegExp,
  change: (record: Record<string, unknown>) => unknown,
): Promise<void> {
  const keys = (await records.keys('run', 'last/')).filter((one) => key.test(one));
  expect(keys).not.toEqual([]);
  for (const one of keys) {
    const record = structuredClone(await records.get('run', one)) as Record<string, unknown>;
    await records.put('run', one, change(record));
  }
}

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
      (_, records) => spoilRecord(records, /set:/, (set) => ({ ...set, candidates: new Array(4e9) })),
    ],
    ['has another shape', (local) => local.setItem('rankscope.grades', '{"version":1,"data":[["a"]]}')],
    [
      'is a broken run of before',
      (_, records) => records.put('run', 'last', { version: 1, columns: { bm25: { state: 'done' } } }),
    ],
    [
      'is a broken run',
      (_, records) => records.put('run', 'last', { format: 'rankscope-run/2', columns: {} }),
    ],
    ['is of a later version', (_, records) => records.put('run', 'last', { format: 'rankscope-run/3' })],
    [
      'lists a candidate that is not there',
      (_, records) =>
        spoilRecord(records, /log:/, ({ events }) => ({
          events: [
            ...(events as object[]),
            { type: 'ranking', order: [0, 1, 2, 99], scores: [4, 3, 2, 1], at: 9 },
          ],
        })),
    ],
    ['lacks the candidates', (_, records) => spoilRecord(records, /set:/, () => undefined)],
    [
      'is of a method that nobody knows',
      (_, records) => spoilRecord(records, /run:/, (run) => ({ ...run, method: 'guess', kind: 'pointwise' })),
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
