import { describe, expect, it } from 'vitest';
import { timeLeft } from './time-left.ts';

/** 90 calls planned, 20 of them cached, 10 made in 2 s. */
type Fields = Parameters<typeof timeLeft>[0] & Parameters<typeof timeLeft>[1];
const running: Fields = {
  phase: 'scoring',
  planned: { calls: 90, upperBound: false },
  expected: { toAsk: 70, upperBound: false, callMs: 1000 },
  asked: 10,
  cached: 20,
  ms: 2000,
  earlierMs: 0,
};

const left = (fields: Fields) => timeLeft(fields, fields);

describe('timeLeft', () => {
  it('goes by what calls of this run have taken, cached ones left out', () => {
    expect(left(running)).toEqual({ seconds: 60 * 0.2, upperBound: false });
    expect(left({ ...running, ms: 4000 })?.seconds).toBeCloseTo(24, 12);
  });

  it('leaves the time before a Resume out of the speed', () => {
    expect(left({ ...running, ms: 12_000, earlierMs: 10_000 })?.seconds).toBeCloseTo(12, 12);
  });

  it('goes by the expected speed until there are enough calls, and says nothing without one', () => {
    const begun = { ...running, asked: 2, cached: 0, ms: 5000 };
    expect(left(begun)?.seconds).toBe(68);
    expect(left({ ...begun, expected: { ...begun.expected!, callMs: null } })).toBeNull();
  });

  it('is a bound for schedules that may need fewer calls, never above what was expected to be asked', () => {
    const heapsort = { toAsk: 40, upperBound: true, callMs: 1000 };
    expect(left({ ...running, expected: heapsort })).toEqual({ seconds: 30 * 0.2, upperBound: true });
    expect(left({ ...running, cached: 75, expected: heapsort })?.seconds).toBeCloseTo(1, 12);
  });

  it('is nothing before scoring, after it, and when all is answered', () => {
    expect(left({ ...running, phase: 'queued' })).toBeNull();
    expect(left({ ...running, phase: null })).toBeNull();
    expect(left({ ...running, asked: 70 })).toBeNull();
  });
});
