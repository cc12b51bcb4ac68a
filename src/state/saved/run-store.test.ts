import { describe, expect, it } from 'vitest';
import { applyEvents } from '../../ranking/progress/apply-events.ts';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import { candidatesOf } from '../../ranking/testing/fake-scorer.ts';
import type { Decision } from '../../ranking/types.ts';
import { memoryRecords, type Records } from '../../storage/records.ts';
import { type Columns, idleColumn, type ModelRun, type Run } from '../run/run.ts';
import { firstStageOf, modelRunOf, setOf } from '../testing/runs.ts';
import { RunStore } from './run-store.ts';

const decided = (a: number, b: number, at: number): LogEvent => {
  const item: Decision = {
    a,
    b,
    logitA: 1,
    logitB: 0,
    preference: 1,
    tokens: 3,
    ms: 2,
    cached: false,
    cuts: [],
  };
  return { type: 'decided', items: [item], at };
};

const columnsOf = (teacher: Run): Columns => {
  const bm25 = firstStageOf(teacher.set);
  return {
    columns: {
      bm25: { ...idleColumn, state: 'done', shows: bm25.id },
      student: idleColumn,
      teacher: { ...idleColumn, state: 'running', shows: teacher.id },
    },
    runs: { [bm25.id]: bm25, [teacher.id]: teacher },
  };
};

function grown(run: ModelRun, ...events: LogEvent[]): ModelRun {
  run.log.append(events);
  return applyEvents(run, events);
}

/** Records that note what is put. */
function noting(): { readonly records: Records; readonly put: [key: string, value: unknown][] } {
  const memory = memoryRecords();
  const put: [string, unknown][] = [];
  return {
    put,
    records: {
      ...memory,
      put: (table, key, value) => {
        put.push([key, structuredClone(value)]);
        return memory.put(table, key, structuredClone(value));
      },
    },
  };
}

const begun = (id = 'r1', base = 'same'): ModelRun => ({
  ...modelRunOf('prp-allpair', setOf(candidatesOf(['a', 'b', 'c']), base)),
  id,
});

describe('RunStore', () => {
  it('writes candidates and facts once, and of a log what is new', async () => {
    const { records, put } = noting();
    const store = new RunStore(records);
    let run = grown(begun(), decided(0, 1, 1), decided(1, 0, 2));
    await store.write('0', columnsOf(run));
    expect(put.map(([key]) => key.replace(/^.*\//, ''))).toEqual(
      expect.arrayContaining(['set:same', 'run:bm25', 'run:r1', 'log:r1:00000000']),
    );
    put.length = 0;
    run = grown(run, decided(0, 2, 3));
    await store.write('0', columnsOf(run));
    expect(put).toHaveLength(2);
    expect(put[0]![0]).toMatch(/log:r1:00000002$/);
    expect((put[0]![1] as { events: LogEvent[] }).events).toEqual([decided(0, 2, 3)]);
    put.length = 0;
    await store.write('0', columnsOf({ ...run, raced: true }));
    expect(put.map(([key]) => key.includes('run:r1'))).toEqual([true, false]);

    const again = new RunStore(records);
    const read = await again.read('0');
    if (read === undefined || read === 'damaged') throw new Error(String(read));
    const restored = read.runs.r1 as ModelRun;
    expect(restored).toMatchObject({ asked: 3, ms: 3, raced: true });
    expect(read.runs.bm25?.set).toBe(restored.set);
    expect(read.columns.teacher.state).toBe('cancelled');
    put.length = 0;
    await again.write('0', {
      columns: read.columns,
      runs: { ...read.runs, r1: grown(restored, decided(2, 0, 4)) },
    });
    expect(put).toHaveLength(2);
    expect(put[0]![0]).toMatch(/log:r1:00000003$/);
  });

  it('takes a run whose answers were not kept for one that is to be resumed', async () => {
    const { records } = noting();
    const store = new RunStore(records);
    const shown = columnsOf(grown(begun(), decided(0, 1, 1)));
    const teacher = { ...shown.columns.teacher, state: 'done' as const };
    await store.write('0', { ...shown, columns: { ...shown.columns, teacher } });
    const state = async () => {
      const read = await new RunStore(records).read('0');
      return read === undefined || read === 'damaged' ? read : read.columns.teacher.state;
    };
    expect(await state()).toBe('done');
    for (const key of await records.keys('run', '')) {
      if (key.includes('/log:')) await records.delete('run', key);
    }
    expect(await state()).toBe('cancelled');
  });

  it('lets go of runs and candidates that no column shows any more, and of what a crash has left', async () => {
    const { records } = noting();
    const store = new RunStore(records);
    await store.write('0', columnsOf(grown(begun('r1', 'one'), decided(0, 1, 1))));
    await store.write('0', columnsOf(grown(begun('r2', 'two'), decided(0, 1, 1))));
    const left = async () => (await records.keys('run', '')).filter((key) => /r1|one/.test(key));
    expect(await left()).toEqual([]);
    const [set] = (await records.keys('run', '')).filter((key) => key.includes('set:'));
    await records.put('run', set!.replace('two', 'one'), {});
    await records.put('run', set!.replace('set:two', 'log:r1:00000000'), {});
    expect(await left()).toHaveLength(2);
    const next = new RunStore(records);
    const read = await next.read('0');
    if (read === undefined || read === 'damaged') throw new Error(String(read));
    await next.write('0', read);
    expect(await left()).toEqual([]);
    await next.forget('0');
    expect(await records.keys('run', '')).toEqual([]);
  });

  it('keeps copies of the page apart', async () => {
    const { records } = noting();
    const store = new RunStore(records);
    const run = grown(begun(), decided(0, 1, 1));
    await store.write('0', columnsOf(run));
    // A tab that begins as a copy of another's stores all of it under its own name.
    await store.write('2', columnsOf(run));
    await new RunStore(records).forget('0');
    expect(await new RunStore(records).read('0')).toBeUndefined();
    expect(await new RunStore(records).read('2')).toMatchObject({ runs: { r1: { asked: 1 } } });
  });

  it('does without fields that only say more, and refuses a run that lacks what it is', async () => {
    const { records } = noting();
    await new RunStore(records).write('0', columnsOf(grown({ ...begun(), passes: 3 }, decided(0, 1, 1))));
    const spoil = async (part: string, change: object) => {
      const key = (await records.keys('run', '')).find((one) => one.includes(part))!;
      await records.put('run', key, { ...((await records.get('run', key)) as object), ...change });
    };
    await spoil('run:r1', { passes: 'many', raced: 'yes', trueProbabilities: null });
    await spoil('set:', { firstStage: { k: 'x' } });
    const read = await new RunStore(records).read('0');
    if (read === undefined || read === 'damaged') throw new Error(String(read));
    const { passes, raced, trueProbabilities, set, asked } = read.runs.r1 as ModelRun;
    expect([passes, raced, trueProbabilities, set.firstStage, asked]).toEqual([
      undefined,
      false,
      false,
      null,
      1,
    ]);
    await spoil('run:r1', { template: { text: 'no name' } });
    expect(await new RunStore(records).read('0')).toBe('damaged');
  });

  it('goes by what is there of a log up to a piece that is missing; one that is broken is refused', async () => {
    const { records } = noting();
    const store = new RunStore(records);
    let run = begun();
    for (const [at, [a, b]] of [
      [0, 1],
      [1, 0],
      [0, 2],
    ].entries()) {
      run = grown(run, decided(a!, b!, at));
      await store.write('0', columnsOf(run));
    }
    const piece = (at: number) =>
      records.keys('run', '').then((keys) => keys.find((key) => key.endsWith(`000${at}`))!);
    await records.delete('run', await piece(1));
    const next = new RunStore(records);
    const read = await next.read('0');
    if (read === undefined || read === 'damaged') throw new Error(String(read));
    expect(read).toMatchObject({ runs: { r1: { asked: 1 } } });
    // What is asked again is kept, and what comes after it.
    let again = read.runs.r1 as ModelRun;
    again = grown(again, decided(1, 0, 3), decided(0, 2, 4), decided(2, 0, 5));
    await next.write('0', { columns: read.columns, runs: { ...read.runs, r1: again } });
    again = grown(again, decided(1, 2, 6));
    await next.write('0', { columns: read.columns, runs: { ...read.runs, r1: again } });
    expect(await new RunStore(records).read('0')).toMatchObject({ runs: { r1: { asked: 5 } } });
    await records.put('run', await piece(0), {
      events: [{ type: 'decided', items: [{ a: 0, b: 9 }], at: 1 }],
    });
    expect(await new RunStore(records).read('0')).toBe('damaged');
  });
});
