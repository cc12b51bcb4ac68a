import { afterEach, describe, expect, it } from 'vitest';
import { useModels } from '../models/models.ts';
import { speedUp } from '../readings/speed-up.ts';
import { useSettings } from '../settings.ts';
import { column, MODELS, openReady, settled, until, type World } from '../testing/world.ts';
import { COLUMNS, type ColumnState, useRun } from './run.ts';

let world: World;
afterEach(() => world.stop());

const states = (): ColumnState[] => COLUMNS.map((id) => column(id).state);

describe('stale columns', () => {
  it('follow the inputs each depends on, and recover when the input is put back', async () => {
    world = await openReady();
    world.rank();
    await settled();
    const stale = () => COLUMNS.map((id) => column(id).stale);
    useSettings.getState().setSchedule('heapsort');
    await until(() => column('teacher').stale);
    expect(stale()).toEqual([false, false, true]);
    useSettings.getState().setSchedule('all-pairs');
    await until(() => !column('teacher').stale);
    useSettings.getState().setK(3);
    await until(() => column('bm25').stale);
    expect(stale()).toEqual([true, true, true]);
  });

  it('a schedule that is changed in mid-run leaves a trace: what was run, and that it is out of date', async () => {
    world = await openReady();
    useSettings.setState({ schedule: 'sliding', passes: 2 });
    world.controls.teacher.beforeBatch = (batch) => {
      if (batch === 1) useSettings.setState({ schedule: 'heapsort', passes: 7 });
    };
    const seen: unknown[] = [];
    const stop = useRun.subscribe(() => {
      const { phase, method, passes, stale } = column('teacher');
      if (phase === 'scoring') seen.push({ method, passes, stale });
    });
    world.rank();
    await settled();
    stop();
    expect(seen).toContainEqual({ method: 'prp-sliding', passes: 2, stale: true });
    expect(column('teacher')).toMatchObject({
      state: 'done',
      method: 'prp-sliding',
      passes: 2,
      stale: true,
      template: { id: 'paper-prp' },
    });
    // While the next run waits for its turn, the column already says what it will be ranked with.
    world.controls.teacher.beforeBatch = undefined;
    const waiting: unknown[] = [];
    const stopAgain = useRun.subscribe(() => {
      const [bm25, teacher] = [column('bm25'), column('teacher')];
      if (bm25.state === 'done' && teacher.phase === 'queued') waiting.push([teacher.method, teacher.passes]);
    });
    world.rank();
    await settled();
    stopAgain();
    expect(waiting.at(-1)).toEqual(['prp-heapsort', undefined]);
    expect(column('teacher')).toMatchObject({ method: 'prp-heapsort', stale: false });
    expect(column('teacher').passes).toBeUndefined();
  });

  it('switching the student column to the base loads the teacher’s checkpoint there', async () => {
    world = await openReady();
    world.rank();
    await settled();
    const before = world.worker('student');
    useSettings.getState().setStudentMode('base');
    await until(() => column('student').stale);
    expect(before.alive).toBe(false);
    world.rank();
    await settled();
    expect(world.worker('student').loads[0]!.url).toContain('demo-teacher/');
    expect(column('student')).toMatchObject({ method: 'rg', state: 'done' });
  });

  it('choosing another student loads it, and what the first one ranked is stale', async () => {
    const own = { id: 'own', role: 'student', name: 'My student', path: 'own/', bytes: 1 };
    const index = { version: 1, models: [...MODELS.models, own] };
    world = await openReady({ files: { 'models/index.json': index } });
    world.rank();
    await settled();
    useSettings.getState().chooseModel('student', 'own');
    await until(() => column('student').stale);
    expect(column('teacher').stale).toBe(false);
    await until(() => useModels.getState().slots.student.status === 'ready');
    expect(world.worker('student').loads[0]!.url).toContain('models/own/');
    useSettings.getState().chooseModel('student', null);
    await until(() => !column('student').stale);
  });

  it('a slot that is taken while it ranks ends as cancelled', async () => {
    world = await openReady();
    world.controls.student.beforeBatch = (batch) => {
      if (batch === 1) useSettings.getState().setStudentMode('base');
    };
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'cancelled', 'done']);
    expect(column('student').stale).toBe(true);
  });
});

describe('speed-up', () => {
  it('is a ratio of fresh work, stored times with cached answers, and hidden otherwise', async () => {
    world = await openReady();
    expect(speedUp(useRun.getState()).kind).toBe('hidden');
    const kinds = new Set<string>();
    const stop = useRun.subscribe((run) => {
      const speed = speedUp(run);
      if (speed.kind !== 'so-far') return void kinds.add(speed.kind);
      // A side is there from its first answer on, and says that it is not whole yet.
      for (const id of ['student', 'teacher'] as const) {
        const { asked, cached, state } = column(id);
        expect(speed[id] !== null).toBe(asked + cached > 0);
        if (speed[id]) expect(speed[id]).toMatchObject({ calls: asked, ended: state === 'done' });
      }
      kinds.add(speed.teacher ? 'both so far' : 'student so far');
    });
    world.rank();
    await settled();
    stop();
    expect([...kinds]).toEqual(['hidden', 'student so far', 'both so far', 'ratio']);
    const fresh = speedUp(useRun.getState());
    expect(fresh).toMatchObject({
      kind: 'ratio',
      raced: false,
      teacher: { calls: 12, conditions: 'WASM · 2 threads · int8' },
    });
    const [student, teacher] = [column('student'), column('teacher')];
    expect(fresh.kind === 'ratio' && fresh.ratio).toBeCloseTo(
      teacher.totals!.seconds / student.totals!.seconds,
    );
    world.rank();
    await settled();
    expect(speedUp(useRun.getState())).toMatchObject({ kind: 'cached', cached: 16 });
  });
});
