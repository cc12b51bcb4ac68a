/** From a worker that finds out late that its model is slow with texts to those who wait for it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { MethodId } from '../../ranking/methods/registry.ts';
import type { ModelRowSpec } from '../evaluate/recipe.ts';
import { useModels } from '../models/models.ts';
import { useSettings } from '../settings.ts';
import { column, openReady, settled, until, type World } from '../testing/world.ts';
import { slowTextsIn, slowTextsOf } from './slow-texts.ts';

const NOTICE = 'teacher is slow';
let world: World;
afterEach(() => world.stop());

const now = () => useModels.getState();

describe('a model that is slow with texts', () => {
  it('is known by it from the first text on, until it is loaded again', async () => {
    world = await openReady({ controls: { teacher: { slowTexts: NOTICE } } });
    useSettings.getState().setSchedule('all-pairs');
    world.rank();
    await settled();
    expect(column('teacher').state).toBe('done');
    expect(now().slowTexts).toEqual({});
    useSettings.getState().setSchedule('listwise');
    world.rank();
    await settled();
    expect(column('teacher').state).toBe('done');
    const { id } = now().slots.teacher.model!;
    expect(now().slowTexts).toEqual({ [id]: NOTICE });
    expect(slowTextsOf(id, 'listwise', now())).toBe(NOTICE);
    expect(slowTextsOf(id, 'prp-allpair', now())).toBeUndefined();
    expect(slowTextsOf(now().slots.student.model!.id, 'qlm', now())).toBeUndefined();
    useSettings.getState().setDevice('wasm');
    await until(() => now().slots.teacher.status === 'ready' && now().slowTexts[id] === undefined);
  });

  it('is said of an evaluation once, if a row asks it for texts', () => {
    const row = (method: MethodId, checkpoint: string): ModelRowSpec => ({ method, checkpoint });
    const recipe = (...rows: ModelRowSpec[]) => ({ rows, depth: 10, firstStage: null });
    const known = { slowTexts: { teacher: NOTICE } };
    const texts = [row('listwise', 'teacher'), row('qlm', 'teacher'), row('qlm', 'student')];
    expect(slowTextsIn(recipe(...texts), known)).toEqual([NOTICE]);
    expect(slowTextsIn(recipe(row('prp-allpair', 'teacher'), row('qlm', 'student')), known)).toEqual([]);
    expect(slowTextsIn(null, known)).toEqual([]);
  });
});
