import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRecordings } from '../../formats/recording/open.ts';
import { writeRecording } from '../../formats/recording/write.ts';
import { useNotices } from '../notices.ts';
import { columnOf, isRecorded, ownColumns, useRun } from '../run/run.ts';
import { openHere } from '../testing/open-here.ts';
import { column, openReady, openWorld, settled, type World } from '../testing/world.ts';
import { backToWork, initialOpened, openBytes, showQuery, useOpened, wholeColumns } from './opened.ts';
import { endReplay, play, seek, setSpeed, step, useReplay } from './replay.ts';

let world: World;
let file: Uint8Array;

const open = (bytes: Uint8Array, name = 'x.rankscope.json'): Promise<boolean> =>
  openBytes(bytes, name, 'file', openHere);

beforeEach(async () => {
  useOpened.setState(initialOpened);
  world = await openReady();
  world.rank();
  await settled();
  file = new TextEncoder().encode(writeRecording(world.shared()));
});
afterEach(() => {
  backToWork();
  world.stop();
});

it('shows a recording in the columns and gives the work of before back, just as it was', async () => {
  const before = ownColumns(useRun.getState());
  expect(await open(file)).toBe(true);
  expect(COLUMN_IDS.map((id) => isRecorded(columnOf(useRun.getState(), id).run))).toEqual([true, true, true]);
  expect(column('teacher')).toMatchObject({ state: 'done', stale: false });
  expect(column('teacher').matrix!.decided).toBe(12);
  expect(ownColumns(useRun.getState())).toEqual(before);
  backToWork();
  expect(useRun.getState().columns).toEqual(before.columns);
  expect(useRun.getState().runs).toEqual(before.runs);
  expect(useOpened.getState()).toEqual(initialOpened);
});

it('keeps the user’s own results while a recording is looked at', async () => {
  await world.persistence.writeRun();
  const own = column('teacher').run!.id;
  await open(file);
  await world.persistence.writeRun();
  backToWork();
  const { local, records } = world;
  world.stop();
  world = openWorld({ local, records });
  await world.restored;
  expect(column('teacher').run!.id).toBe(own);
});

it('goes back to the own work before it ranks', async () => {
  await open(file);
  world.rank();
  await settled();
  expect(useOpened.getState().shown).toBeNull();
  expect(isRecorded(column('teacher').run)).toBe(false);
});

it('says what is wrong with a file and changes nothing', async () => {
  const before = useRun.getState();
  expect(await open(new TextEncoder().encode('{"a":1}'), 'other.json')).toBe(false);
  expect(useRun.getState()).toBe(before);
  expect(useOpened.getState()).toEqual(initialOpened);
  expect(useNotices.getState().notices.at(-1)?.message).toMatch(
    /other\.json.*not a recording.*Nothing was changed/,
  );
});

it('does not take the place of a ranking that runs', async () => {
  world.controls.teacher.beforeBatch = (batch) => {
    if (batch === 1) opening = open(file);
  };
  let opening: Promise<boolean> | undefined;
  world.measureAgain();
  await settled();
  // It may have been read after the run had ended.
  if (!(await opening)) expect(useNotices.getState().notices.at(-1)?.message).toMatch(/running/);
  expect(ownColumns(useRun.getState()).columns.teacher.state).toBe('done');
});

it('exports a recording as it was read', async () => {
  await open(file);
  expect(openRecordings(new TextEncoder().encode(writeRecording(world.shared())), 'again')).toEqual(
    openRecordings(file, 'first'),
  );
});

it('shows recordings with nothing in them: no candidates, or no runs', async () => {
  const whole = JSON.parse(new TextDecoder().decode(file));
  const idle = {
    ...whole.methods.teacher,
    state: 'idle',
    order: [],
    scores: [],
    decisions: [],
    log: undefined,
  };
  const student = { ...idle, method: 'pointwise-yes', scored: [] };
  const bm25 = { ...whole.methods.bm25, order: [], scores: [] };
  const methods = { bm25, student, teacher: idle };
  for (const candidates of [[], whole.candidates]) {
    expect(await open(new TextEncoder().encode(JSON.stringify({ ...whole, candidates, methods })))).toBe(
      true,
    );
    expect(column('teacher')).toMatchObject({
      state: 'idle',
      explanation: 'This recording has no ranking here.',
    });
    play();
    step(1);
    seek(5);
    expect(useReplay.getState().at).toBeNull();
  }
});

it('shows another query of a file', async () => {
  const one = JSON.parse(new TextDecoder().decode(file));
  const text = [one, { ...one, query: 'another', queryId: 'q2' }]
    .map((value) => JSON.stringify(value))
    .join('\n');
  await open(new TextEncoder().encode(text), 'two.jsonl');
  await showQuery(1);
  expect(column('teacher').query).toBe('another');
});

it('folds any moment of a recording, forwards and backwards, and its end is the recording', async () => {
  await open(file);
  const end = column('teacher');
  seek(0);
  expect(column('teacher')).toMatchObject({ state: 'running', asked: 0 });
  const { length } = useReplay.getState();
  let before = -1;
  for (let i = 0; i <= 10; i++) {
    seek((length * i) / 10);
    const { asked, ms } = column('teacher');
    expect(asked).toBeGreaterThanOrEqual(before);
    // The total of a run is measured on its own, a moment after its last event.
    expect(ms).toBeLessThan(length + 1);
    before = asked;
  }
  expect(column('teacher')).toMatchObject({
    state: 'done',
    order: end.order,
    scores: end.scores,
    asked: end.asked,
    ms: end.ms,
  });
  const asked = (): number => column('teacher').asked + column('student').asked;
  const all = asked();
  step(-1);
  expect(asked()).toBeLessThan(all);
  step(1);
  expect(asked()).toBe(all);
  // A position a rounding error before the end is the end.
  seek(length - 1e-9);
  expect(column('teacher')).toMatchObject({ state: 'done', ms: end.ms });
  // What is exported is the whole recording, whatever moment is shown.
  expect(columnOf(wholeColumns(), 'teacher').run).toBe(end.run);
  endReplay();
  expect(column('teacher').run).toBe(end.run);
});

it('plays at a multiple of the recorded pace, and stops at the end', async () => {
  await open(file);
  const queue: (() => void)[] = [];
  let clock = 0;
  setSpeed(10);
  play(
    (draw) => queue.push(draw),
    () => clock,
  );
  seek(0);
  const { length } = useReplay.getState();
  clock = length / 20;
  queue.shift()!();
  expect(useReplay.getState().at).toBeCloseTo(length / 2);
  clock = length;
  queue.shift()!();
  expect(useReplay.getState()).toMatchObject({ at: length, playing: false });
  expect(queue).toEqual([]);
});

const COLUMN_IDS = ['bm25', 'student', 'teacher'] as const;
