/** What a run is expected to take, and being asked before a long one. */
import { afterEach, describe, expect, it } from 'vitest';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useModels } from '../models/models.ts';
import { useSettings } from '../settings.ts';
import { column, openReady, settled, until, type World, type WorldOptions } from '../testing/world.ts';
import { type Estimate, estimate, usePromptLengths } from './estimate.ts';
import { useForecasts } from './forecasts.ts';
import { COLUMNS, type ColumnState, useRun } from './run.ts';

let world: World;
afterEach(() => world.stop());

const states = (): ColumnState[] => COLUMNS.map((id) => column(id).state);
const asked = () => useRun.getState().needsConfirmation;
/** So slow that four passages take minutes. */
const SLOW = { controls: { teacher: { tokensPerSecond: 1 }, student: { tokensPerSecond: 1 } } };

async function openLoaded(options: WorldOptions = {}): Promise<World> {
  const opened = await openReady(options);
  await until(() =>
    (['teacher', 'student'] as const).every((s) => useModels.getState().slots[s].status === 'ready'),
  );
  return opened;
}

const expected = (): Estimate =>
  estimate(
    { settings: useSettings.getState(), query: useQuery.getState(), corpus: useCorpus.getState() },
    useModels.getState(),
    usePromptLengths.getState(),
    useForecasts.getState(),
  );

describe('a run that is expected to take more than a minute', () => {
  it('asks once BM25 has found the candidates; “Not now” leaves the models’ columns as they were', async () => {
    world = await openLoaded(SLOW);
    world.rank();
    expect(states()).toEqual(['running', 'running', 'running']);
    await settled();
    expect(states()).toEqual(['done', 'idle', 'idle']);
    // Four of the five passages: not what k allows, nor the size of the corpus.
    expect(asked()).toMatchObject({ calls: 4 + 12, cached: 0, upperBound: false, race: false });
    expect(asked()?.seconds).toBeGreaterThan(60);
    world.dismissConfirmation();
    expect(asked()).toBeNull();
    expect(world.log).toEqual(['bm25']);
    world.rank();
    await settled();
    world.confirm();
    await settled();
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(asked()).toBeNull();
  });

  it('keeps the ranking on screen that it would have replaced', async () => {
    world = await openLoaded(SLOW);
    world.rank();
    await settled();
    world.confirm();
    await settled();
    const before = column('teacher');
    useQuery.setState({ text: 'red apple' });
    world.rank();
    await settled();
    expect(asked()).not.toBeNull();
    expect(column('teacher')).toEqual({ ...before, stale: true });
    expect(column('teacher').matrix?.decided).toBe(12);
    expect(column('bm25')).toMatchObject({ query: 'red apple', stale: false });
  });

  it('counts only what the comparison cache does not know', async () => {
    world = await openLoaded();
    world.rank();
    await settled();
    // The same passages, all known: however slow the models are, there is nothing to wait for.
    for (const slot of ['student', 'teacher'] as const) {
      useModels.setState(({ slots }) => ({
        slots: { ...slots, [slot]: { ...slots[slot], tokensPerSecond: 0.01 } },
      }));
    }
    world.rank();
    await settled();
    expect(asked()).toBeNull();
    expect(column('teacher')).toMatchObject({ state: 'done', asked: 0, cached: 12 });
    // Heapsort's answers are known from all pairs too.
    useSettings.getState().setSchedule('heapsort');
    world.rank();
    await settled();
    expect(asked()).toBeNull();
    expect(column('teacher')).toMatchObject({ state: 'done', asked: 0, method: 'prp-heapsort' });
    // One passage less and one more: its own comparisons are new, the others are not.
    useCorpus.getState().setText(`${useCorpus.getState().boxText}\nan apple tree`);
    useSettings.getState().setSchedule('all-pairs');
    world.rank();
    await settled();
    expect(asked()).toMatchObject({ calls: 1 + 8, cached: 4 + 12 });
  });

  it('takes the speed from a cancelled run, too', async () => {
    world = await openLoaded({ controls: { teacher: { tokensPerSecond: 1 } } });
    world.controls.teacher.beforeBatch = (batch) => {
      if (batch === 2) world.cancel();
    };
    world.rank();
    await settled();
    const before = expected().teacher.seconds;
    world.confirm();
    await settled();
    const { state, asked: made } = column('teacher');
    expect(state).toBe('cancelled');
    expect(made).toBeGreaterThanOrEqual(5);
    // A token a second was expected; the fake answers in milliseconds.
    expect(useModels.getState().slots.teacher.tokensPerSecond).toBeGreaterThan(10);
    expect(expected().teacher.seconds).toBeLessThan(before! / 10);
  });

  it('asks about a model that was still being loaded when its turn comes', async () => {
    world = await openReady({
      controls: { teacher: { tokensPerSecond: 1 }, student: { tokensPerSecond: 1e6 } },
    });
    world.rank();
    await settled();
    expect(states()).toEqual(['done', 'done', 'cancelled']);
    expect(asked()).toMatchObject({ calls: 12, column: 'teacher' });
    world.confirm();
    await until(() => column('teacher').state === 'done');
    expect(world.log.filter((line) => line === 'student starts')).toHaveLength(1);
  });

  it('is not asked about where the time is short', async () => {
    world = await openLoaded();
    world.race();
    await settled();
    expect(asked()).toBeNull();
    expect(states()).toEqual(['done', 'done', 'done']);
  });
});

describe('looking ahead', () => {
  it('knows candidates and cached answers before the click, follows changes, and asks at once', async () => {
    world = await openLoaded({ ...SLOW, parts: { lookAheadMs: 1 } });
    await until(() => expected().teacher.calls === 12);
    expect(expected()).toMatchObject({
      student: { calls: 4, toAsk: 4, cached: 0 },
      teacher: { calls: 12, toAsk: 12, cached: 0, upperBound: false },
    });
    await until(() => expected().teacher.seconds !== null);
    await until(() => useForecasts.getState().student !== null);
    world.rank();
    expect(asked()).toMatchObject({ calls: 16 });
    expect(states()).toEqual(['idle', 'idle', 'idle']);
    world.confirm();
    await settled();
    await until(() => expected().teacher.toAsk === 0);
    expect(expected().teacher).toMatchObject({ calls: 12, cached: 12, seconds: 0 });
    useQuery.setState({ text: 'banana' });
    await until(() => expected().teacher.calls === 0);
    useQuery.setState({ text: 'apple' });
    useSettings.getState().setSchedule('heapsort');
    await until(() => expected().teacher.toAsk === 0 && expected().teacher.calls > 0);
    expect(expected().teacher.upperBound).toBe(false);
  });
});

describe('a running column', () => {
  it('knows what it will ask from when it begins, less what is cached', async () => {
    world = await openLoaded();
    world.rank();
    await settled();
    expect(column('teacher').expected).toMatchObject({ toAsk: 12, upperBound: false });
    useSettings.getState().setSchedule('heapsort');
    world.rank();
    await settled();
    expect(column('teacher').expected).toMatchObject({ toAsk: 0, upperBound: false });
  });
});
