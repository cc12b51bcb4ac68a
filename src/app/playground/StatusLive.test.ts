import { describe, expect, it } from 'vitest';
import { candidatesOf } from '../../ranking/testing/fake-scorer.ts';
import {
  type Column,
  type Columns,
  idleColumn,
  type ModelRun,
  type ShownColumn,
} from '../../state/run/run.ts';
import { modelRunOf, setOf, showing } from '../../state/testing/runs.ts';
import { timeLeftText } from './column/TimeLeft.tsx';
import { describeProgress } from './StatusLive.tsx';

const planned = { calls: 9900, upperBound: false };
const teacher: ModelRun = {
  ...modelRunOf('prp-allpair', setOf(candidatesOf(['a', 'b']))),
  planned,
  asked: 900,
  ms: 10_000,
};
const expected = { toAsk: 9900, upperBound: false, callMs: null };
const scoring = (run: Partial<ModelRun> = {}, column: Partial<Column> = {}): ShownColumn =>
  showing({ ...teacher, ...run } as ModelRun, { state: 'running', phase: 'scoring', expected, ...column });

describe('a running column in words', () => {
  it('says how long it will still take, as a bound where it is one, and nothing below a second', () => {
    expect(timeLeftText(scoring())).toBe('about 2 min left');
    const bound = { toAsk: 2700, upperBound: true, callMs: null };
    expect(timeLeftText(scoring({}, { expected: bound }))).toBe('up to 20 s left');
    expect(timeLeftText(scoring({ asked: 9850 }))).toBe('');
    expect(timeLeftText({ ...idleColumn, run: null })).toBe('');
    // What is shown is of before.
    expect(timeLeftText(scoring({}, { waiting: true }))).toBe('');
  });

  it('is spoken with its calls, and only while it is scoring', () => {
    const state = (run: ShownColumn): Columns => ({
      columns: { bm25: idleColumn, student: scoring({}, { phase: 'queued' }), teacher: run },
      runs: run.run ? { [run.run.id]: run.run } : {},
    });
    expect(describeProgress(state(scoring()))).toBe('Teacher: 900 of 9,900 calls, about 2 min left.');
    const heapsort = scoring({ planned: { calls: 148, upperBound: true }, asked: 147, ms: 100 });
    expect(describeProgress(state(heapsort))).toBe('Teacher: 147 of at most 148 calls.');
    expect(describeProgress(state({ ...idleColumn, run: null }))).toBe('');
  });
});
