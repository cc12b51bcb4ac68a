import { describe, expect, it } from 'vitest';
import { type ColumnRun, idleColumn } from '../../state/run/run.ts';
import { timeLeftText } from './column/TimeLeft.tsx';
import { describeProgress } from './StatusLive.tsx';

const scoring: ColumnRun = {
  ...idleColumn,
  ...{ state: 'running', phase: 'scoring', method: 'prp-allpair' },
  planned: { calls: 9900, upperBound: false },
  expected: { toAsk: 9900, upperBound: false, callMs: null },
  ...{ asked: 900, ms: 10_000 },
};

describe('a running column in words', () => {
  it('says how long it will still take, as a bound where it is one, and nothing below a second', () => {
    expect(timeLeftText(scoring)).toBe('about 2 min left');
    expect(timeLeftText({ ...scoring, expected: { toAsk: 2700, upperBound: true, callMs: null } })).toBe(
      'up to 20 s left',
    );
    expect(timeLeftText({ ...scoring, asked: 9850, ms: 10_000 })).toBe('');
    expect(timeLeftText(idleColumn)).toBe('');
  });

  it('is spoken with its calls, and only while it is scoring', () => {
    const columns = { bm25: idleColumn, student: { ...scoring, phase: 'queued' as const }, teacher: scoring };
    expect(describeProgress(columns)).toBe('Teacher: 900 of 9,900 calls, about 2 min left.');
    const heapsort = { ...scoring, planned: { calls: 148, upperBound: true }, asked: 147, ms: 100 };
    expect(describeProgress({ ...columns, teacher: heapsort })).toBe('Teacher: 147 of at most 148 calls.');
    expect(describeProgress({ ...columns, teacher: idleColumn })).toBe('');
  });
});
