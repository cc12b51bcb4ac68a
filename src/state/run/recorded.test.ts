import { afterEach, expect, it } from 'vitest';
import { readRecording } from '../../formats/recording/read.ts';
import { speedUp } from '../readings/speed-up.ts';
import { column, openReady, settled, type World } from '../testing/world.ts';
import { openRecording } from './recorded.ts';
import { idleColumn } from './run.ts';

let world: World;
afterEach(() => world.stop());

it('an exported run opens as the runs that were shown, stopped and resumed ones too, and stays what it was', async () => {
  world = await openReady();
  world.controls.teacher.beforeBatch = (batch) => {
    if (batch === 2) world.cancel();
  };
  world.rank();
  await settled();
  world.controls.teacher.beforeBatch = undefined;
  world.resume();
  await settled();
  const opened = openRecording(readRecording(world.decisionsJson()));
  const { student, teacher } = opened.runs;
  for (const [id, run] of [
    ['student', student],
    ['teacher', teacher],
  ] as const) {
    const { order, scores, asked, cached, tokens, callMs, totals, method, template, info } = column(id);
    expect(run).toMatchObject({ order, scores, asked, cached, tokens, callMs, totals, method, template });
    expect(run?.info).toEqual(info);
    // Times are written to a microsecond.
    expect(run?.ms).toBeCloseTo(column(id).ms, 2);
    expect(run?.set).toBe(opened.firstStage.set);
  }
  expect(teacher?.kind === 'comparing' && teacher.matrix.list()).toEqual(column('teacher').matrix!.list());
  expect(student?.kind === 'pointwise' && student.scored).toEqual(column('student').scored);
  const { order, scores } = column('bm25');
  expect(opened.firstStage).toMatchObject({ order, scores, set: { query: { text: 'apple' } } });
  // Readings read them like live ones.
  const shown = { ...idleColumn, state: 'done' } as const;
  const columns = {
    bm25: { ...shown, shows: opened.firstStage.id },
    student: { ...shown, shows: student!.id },
    teacher: { ...shown, shows: teacher!.id },
  };
  const runs = { [student!.id]: student!, [teacher!.id]: teacher! };
  expect(speedUp({ columns, runs })).toMatchObject({ kind: 'cached', cached: column('teacher').cached });
});
