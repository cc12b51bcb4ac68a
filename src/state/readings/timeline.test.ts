import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import type { Decision } from '../../ranking/types.ts';
import { momentAt, overtakes, timelineOf } from './timeline.ts';

const decided = (at: number, count: number, cached = false): LogEvent => ({
  type: 'decided',
  at,
  items: Array.from(
    { length: count },
    (): Decision => ({
      a: 0,
      b: 1,
      logitA: 1,
      logitB: 0,
      preference: 1,
      tokens: 1,
      ms: 1,
      cached,
      cuts: [],
    }),
  ),
});
const ranking = (at: number, ...order: number[]): LogEvent => ({ type: 'ranking', at, order, scores: [] });
/** Better the nearer 2 is to the top. */
const quality = (order: readonly number[]) => 1 / (1 + order.indexOf(2));

describe('a run along its clock', () => {
  const log = [decided(1000, 2), ranking(1000, 0, 2, 1), decided(3000, 4, true), ranking(3000, 2, 0, 1)];

  it('counts answers and measures the order at each of its moments', () => {
    const line = timelineOf(log, [0, 1, 2], quality);
    expect(line).toMatchObject({ timed: true, cached: 4 });
    expect(line.moments).toEqual([
      { seconds: 0, calls: 0, quality: 1 / 3 },
      { seconds: 1, calls: 2, quality: 1 / 2 },
      { seconds: 3, calls: 6, quality: 1 },
    ]);
    expect(momentAt(line, 2.9).calls).toBe(2);
    expect(momentAt(line, 99).calls).toBe(6);
  });

  it('begins to count anew where a run was resumed, and keeps its end whatever is left out', () => {
    const resumed = [
      ...log,
      { type: 'resumed', at: 3500 } as LogEvent,
      decided(3600, 3),
      ranking(3600, 2, 1, 0),
    ];
    expect(timelineOf(resumed, [0, 1, 2], quality, 1).moments.at(-1)).toEqual({
      seconds: 3.6,
      calls: 3,
      quality: 1,
    });
    const many = Array.from({ length: 5000 }, (_, i) => [
      decided(i + 1, 1),
      ranking(i + 1, i % 3, (i + 1) % 3, (i + 2) % 3),
    ]).flat();
    const { moments } = timelineOf(many, [0, 1, 2], quality, 100);
    expect(moments.length).toBeLessThan(110);
    expect(moments.at(-1)).toMatchObject({ seconds: 5, calls: 5000 });
  });

  it('says that a log has no times', () => {
    expect(timelineOf([decided(0, 2), ranking(0, 2, 1, 0)], [0, 1, 2], quality)).toMatchObject({
      timed: false,
      moments: [{ calls: 0 }, { calls: 2, quality: 1 }],
    });
  });
});

describe('overtaking', () => {
  const line = (...points: (readonly [seconds: number, quality: number | undefined])[]) => ({
    timed: true,
    cached: 0,
    moments: points.map(([seconds, value]) => ({ seconds, calls: 0, quality: value })),
  });
  const student = line([0, 0.3], [1, 0.8]);

  it('is for good: being ahead for a while is not enough', () => {
    expect(overtakes(line([0, 0.3], [0.5, 0.6], [4, 0.7], [6, 0.9]), student)).toBe(6);
    expect(overtakes(line([0, 0.3], [6, 0.9], [7, 0.8]), student)).toBeUndefined();
    expect(overtakes(line([0, undefined]), line([0, undefined]))).toBeUndefined();
  });
});
