import { afterEach, expect, it } from 'vitest';
import { repeatRun, usePresent } from './present.ts';
import { rangeOf, timingKey, useTimings } from './readings/timings.ts';
import { useRun } from './run/run.ts';
import { column, openReady, settled, until, type World } from './testing/world.ts';

let world: World;
afterEach(() => {
  usePresent.setState({ on: false, repeatsLeft: 0 });
  world.stop();
});

const timings = () => useTimings.getState().byRun.get(timingKey(useRun.getState())) ?? [];
const over = () => usePresent.getState().repeatsLeft === 0 && !useRun.getState().active;

it('asks everything anew five times, and says median and range', async () => {
  world = await openReady();
  world.rank();
  await settled();
  repeatRun(5, world.measureAgain);
  await until(over);
  // The run of before is none of the five.
  expect(timings()).toHaveLength(5);
  expect(column('teacher')).toMatchObject({ state: 'done', cached: 0, asked: 12 });
  const { runs, teacher, median } = rangeOf(timings())!;
  expect(runs).toBe(5);
  expect(median.teacher).toBeGreaterThanOrEqual(teacher[0]);
  expect(median.teacher).toBeLessThanOrEqual(teacher[1]);
});

it('ends when a run is cancelled', async () => {
  world = await openReady();
  world.rank();
  await settled();
  let batches = 0;
  world.controls.teacher.beforeBatch = () => {
    if (batches++ === 0) world.cancel();
  };
  repeatRun(5, world.measureAgain);
  await until(over);
  expect(column('teacher').state).toBe('cancelled');
  expect(timings()).toHaveLength(1);
});
