import { beforeEach, describe, expect, it } from 'vitest';
import { RankscopeError } from '../../errors.ts';
import { methodNamed } from '../../ranking/methods/registry.ts';
import { memoryTextStore } from '../../storage/local.ts';
import type { StoredModel } from '../../workers/download-protocol.ts';
import { useNotices } from '../notices.ts';
import { useSettings } from '../settings.ts';
import { openWorld, until } from '../testing/world.ts';
import { fitsColumn } from './fitting.ts';
import { emptyLibrary, useLibrary } from './library.ts';
import { useModels } from './models.ts';
import { runsOn } from './runs-on.ts';
import { dtypesFor, entriesOf, nameOfId } from './stored-models.ts';
import { STUDENT_METHODS } from './student-methods.ts';

const COMMIT = 'c'.repeat(40);
const model = (patch: Partial<StoredModel> = {}): StoredModel => ({
  format: 1,
  id: `converted:hub:google/flan-t5-small@${COMMIT}|original`,
  title: 'google/flan-t5-small',
  address: 'google/flan-t5-small',
  source: 'converted',
  kind: 'checkpoint',
  files: [],
  bytes: 100,
  added: 1,
  place: 'disk',
  held: 100,
  whole: true,
  ...patch,
});
const STORED = model();
const chosenBefore = (models: object) => {
  const local = memoryTextStore();
  local.setItem('rankscope.settings', JSON.stringify({ version: 1, data: { models } }));
  return local;
};
const slotId = (slot: 'student' | 'teacher') => useModels.getState().slots[slot].model?.id;
const ready = (slot: 'student' | 'teacher') => useModels.getState().slots[slot].status === 'ready';

beforeEach(() => useLibrary.setState(emptyLibrary, true));

describe('stored models in the columns', () => {
  const files = [{ path: 'ranker.json', size: 1, blob: new Blob(['x']) }];
  const library = (stored: readonly StoredModel[]) => ({
    open: async () => useLibrary.setState({ stored }),
    files: async (id: string) => {
      if (stored.some((one) => one.id === id)) return files;
      throw new RankscopeError('missing', 'Gone.');
    },
  });

  it('are loaded from their files, in either column, and the embedded ones stay the default', async () => {
    const pair = model({
      id: 'hub:x/y@z|transformers-js|int8',
      kind: 'transformers-js',
      dtype: 'int8',
      title: 'x/y',
    });
    const world = openWorld({ parts: { library: library([STORED, pair]) } });
    await world.restored;
    await until(() => ready('student') && ready('teacher'));
    expect([slotId('student'), slotId('teacher')]).toEqual(['student', 'teacher']);
    expect(useLibrary.getState().stored, 'storage is not looked at before somebody asks').toBeNull();

    await library([STORED, pair]).open();
    expect(useModels.getState().catalog!.map(({ id }) => id)).toEqual([
      'teacher',
      'student',
      STORED.id,
      pair.id,
    ]);
    useSettings.getState().chooseModel('teacher', STORED.id);
    useSettings.getState().chooseModel('student', pair.id);
    await until(() => ready('student') && ready('teacher'));
    expect(world.worker('teacher').loads).toMatchObject([
      { url: 'stored:google/flan-t5-small/', files, kind: 'fused-t5' },
    ]);
    expect(world.worker('student').loads).toMatchObject([{ kind: 'encoder-decoder', dtype: 'int8' }]);
    world.stop();
  });

  it('are offered what they can do: a cross-encoder brings its method, and leaves with it', async () => {
    const cross = model({
      id: 'hub:x/cross@z|text-classification|int8',
      kind: 'text-classification',
      dtype: 'int8',
      title: 'x/cross',
    });
    const world = openWorld({ parts: { library: library([cross]) } });
    await world.restored;
    await library([cross]).open();
    const entry = useModels.getState().catalog!.find(({ id }) => id === cross.id)!;
    expect(entry).toMatchObject({ role: 'student', stored: { kind: 'text-classification' } });
    expect([fitsColumn('student', entry), fitsColumn('teacher', entry)]).toEqual([true, false]);
    expect(STUDENT_METHODS.filter((method) => runsOn(methodNamed(method), entry))).toEqual(['cross-encoder']);
    const [embedded] = useModels.getState().catalog!;
    expect(runsOn(methodNamed('cross-encoder'), embedded)).toBe(false);

    useSettings.getState().chooseModel('student', cross.id);
    expect(useSettings.getState().studentMethod).toBe('cross-encoder');
    useSettings.getState().setStudentMethod('qlm');
    expect(useSettings.getState().studentMethod).toBe('cross-encoder');
    await until(() => slotId('student') === cross.id && ready('student'));
    expect(world.worker('student').loads).toMatchObject([{ kind: 'text-classification', dtype: 'int8' }]);

    useLibrary.setState({ stored: [] });
    expect(useSettings.getState()).toMatchObject({
      studentMethod: 'pointwise-yes',
      models: { student: null },
    });
    world.stop();
  });

  it('are waited for where one was chosen before: nothing is loaded in its place', async () => {
    const world = openWorld({
      local: chosenBefore({ teacher: STORED.id, student: null }),
      parts: { library: library([STORED]) },
    });
    await world.restored;
    await until(() => ready('teacher'));
    expect(world.workers.filter(({ slot }) => slot === 'teacher')).toHaveLength(1);
    expect(slotId('teacher')).toBe(STORED.id);
    world.stop();
  });

  it('fall back to the embedded one with a notice once they are gone', async () => {
    const world = openWorld({
      local: chosenBefore({ teacher: STORED.id, student: null }),
      parts: { library: library([]) },
    });
    await world.restored;
    await until(() => ready('teacher'));
    expect([slotId('teacher'), useSettings.getState().models.teacher]).toEqual(['teacher', null]);
    expect(useNotices.getState().notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^google\/flan-t5-small is no longer stored here: the Teacher column/),
    ]);
    world.stop();
  });

  it('leave the choice alone where storage cannot be read', async () => {
    const open = async () =>
      useLibrary.setState({ storedError: { code: 'storage', message: 'No.' }, stored: null });
    const world = openWorld({
      local: chosenBefore({ teacher: STORED.id, student: null }),
      parts: { library: { ...library([]), open } },
    });
    await world.restored;
    await until(() => ready('teacher'));
    expect([slotId('teacher'), useSettings.getState().models.teacher]).toEqual(['teacher', STORED.id]);
    world.stop();
  });
});

it('takes no partial model and no original for one that can be loaded', () => {
  expect(
    entriesOf([model({ whole: false }), model({ kind: 'original' }), model({ kind: 'pickle' })]),
  ).toEqual([]);
});

it('names a model by its id', () => {
  expect(nameOfId(STORED.id)).toBe('google/flan-t5-small');
  expect(nameOfId('url:http://localhost:8/run/|checkpoint|int8')).toBe('http://localhost:8/run/');
  expect(nameOfId(`converted:hub:http://127.0.0.1:8/a/b/tree/${COMMIT}|original`)).toBe('a/b');
  expect(nameOfId('local:student.zip:0123abcd|checkpoint|q8')).toBe('student.zip');
});

it('converts to int8, and to blocks of 8 or 4 bits for graphics cards', () => {
  const auto = { device: 'auto', dtypes: {} } as const;
  expect(dtypesFor(3e8, false, auto)).toEqual(['int8']);
  expect(dtypesFor(3e8, true, auto)).toEqual(['q8', 'int8']);
  expect(dtypesFor(3.1e9, true, auto)).toEqual(['q4', 'int8']);
  // What was chosen by name is made as well.
  expect(dtypesFor(3e8, false, { ...auto, device: 'webgpu' })).toEqual(['q8', 'int8']);
  const dtypes = { wasm: 'fp32', webgpu: 'q4' } as const;
  expect(dtypesFor(3e8, true, { device: 'auto', dtypes })).toEqual(['q4', 'fp32', 'q8', 'int8']);
  expect(dtypesFor(3e8, false, { device: 'wasm', dtypes })).toEqual(['fp32', 'int8']);
});
