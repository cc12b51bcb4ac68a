/** What is loaded depends on the screen in sight. */
import { afterEach, expect, it } from 'vitest';
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
