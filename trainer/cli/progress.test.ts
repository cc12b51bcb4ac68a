/** Progress lines: figures that people can trust, on a terminal only. */
import { describe, expect, it } from 'vitest';
import { duration, Progress, progressLine } from './progress.ts';

describe('progressLine', () => {
  it('says how far, how fast and how long still', () => {
    expect(progressLine(120, 900, 'calls', 2000, 'query q7')).toBe(
      '120 of 900 calls · 13 % · 60 calls/s · 13 s left · query q7',
    );
    expect(progressLine(3, 1200, 'calls', 4000)).toBe(
      '3 of 1,200 calls · 0 % · 0.8 calls/s · 26 min 36 s left',
    );
  });

  it('gives no rate before there is one, no time when all is done', () => {
    expect(progressLine(1, 10, 'calls', 100)).toBe('1 of 10 calls · 10 %');
    expect(progressLine(0, 10, 'calls', 9000)).toBe('0 of 10 calls · 0 %');
    expect(progressLine(10, 10, 'calls', 1000)).toBe('10 of 10 calls · 100 % · 10 calls/s');
    expect(progressLine(0, 0, 'calls', 1000)).toBe('0 of 0 calls');
  });
});

describe('duration', () => {
  it('is as exact as useful', () => {
    expect([0, 0.44, 9.94, 9.96, 59.4, 59.6, 61, 3599, 3661, 90_000].map(duration)).toEqual([
      ...['0.0 s', '0.4 s', '9.9 s', '10 s', '59 s', '1 min 0 s', '1 min 1 s', '59 min 59 s'],
      ...['1 h 1 min', '25 h 0 min'],
    ]);
  });
});

describe('Progress', () => {
  const started = (isTTY: boolean, columns = 80) => {
    const written: string[] = [];
    let now = 0;
    const progress = new Progress({ isTTY, columns, write: (text) => written.push(text) }, () => now);
    return { written, progress, at: (time: number) => (now = time) };
  };

  it('writes nothing where nobody looks', () => {
    const { written, progress } = started(false);
    progress.update(1, 10, 'calls');
    progress.end();
    expect(written).toEqual([]);
  });

  it('redraws one line, not too often, and clears it', () => {
    const { written, progress, at } = started(true);
    for (const time of [0, 50, 99, 100, 150, 260]) {
      at(time);
      progress.update(time, 1000, 'calls');
    }
    progress.end();
    progress.end();
    expect(written.map((text) => text.replace('\r\u001b[2K', '|'))).toEqual([
      '|0 of 1,000 calls · 0 %',
      '|100 of 1,000 calls · 10 %',
      '|260 of 1,000 calls · 26 %',
      '|',
    ]);
  });

  it('fits the terminal', () => {
    const { written, progress } = started(true, 30);
    progress.update(1, 1000, 'calls', 'a query with a name that is very long');
    expect(written[0]!.replace('\r\u001b[2K', '')).toHaveLength(29);
  });
});
