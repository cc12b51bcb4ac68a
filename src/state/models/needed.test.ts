/** What is loaded depends on the screen in sight. */
import { afterEach, expect, it } from 'vitest';
import { useRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';
import { openWorld, until, type World } from '../testing/world.ts';
import { useModels } from './models.ts';
import { needColumns, needForLesson, useNeeded } from './needed.ts';

let world: World | undefined;
afterEach(() => {
  world?.stop();
  useNeeded.setState(useNeeded.getInitialState(), true);
});

const loaded = () => world!.workers.map(({ slot }) => slot);

it('loads nothing where nothing is needed, a lesson’s own model for a lesson, and both for the columns', async () => {
  needColumns(false);
  world = openWorld();
  await world.restored;
  useSettings.getState().setDevice('wasm');
  expect(loaded()).toEqual([]);
  needForLesson(['teacher']);
  await until(() => useModels.getState().slots.teacher.status === 'ready');
  expect(loaded()).toEqual(['teacher']);
  // What is loaded stays: the way to the list and back costs nothing.
  needForLesson([]);
  needColumns(true);
  await until(() => useModels.getState().slots.student.status === 'ready');
  expect(loaded()).toEqual(['teacher', 'student']);
});

it('a ranking that goes on behind a lesson keeps the workers; the lesson’s model is loaded after it', async () => {
  needColumns(false);
  world = openWorld();
  await world.restored;
  useRun.setState({ active: true });
  needForLesson(['teacher']);
  expect(loaded()).toEqual([]);
  useRun.setState({ active: false });
  await until(() => useModels.getState().slots.teacher.status === 'ready');
  expect(loaded()).toEqual(['teacher']);
});
