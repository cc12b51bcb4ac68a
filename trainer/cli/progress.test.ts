/** Progress lines: figures that people can trust, on a terminal and in a log. */
import { afterEach, describe, expect, it } from 'vitest';
import { duration, Progress, progressLine } from './progress.ts';

describe('progressLine', () => {
  it('says how far, how fast and how long still', () => {
    expect(progressLine(120, 900, 'calls', 2000, 'query q7')).toBe(
      '120 of 900 calls · 13 % · 60 calls/s · 13 s left · query q7',
    );
    expect(progressLine(3, 1200, 'calls', 4000)).toBe(
      '3 of 1,200 calls · 0 % · 0.75 calls/s · 26 min 36 s left',
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

  describe('in a log', () => {
    afterEach(() => {
      delete process.env.RANKSCOPE_PROGRESS_SECONDS;
    });

    it('writes a line every half minute, and nothing before', () => {
      const { written, progress, at } = started(false);
      for (let second = 0; second <= 95; second += 5) {
        at(1000 * second);
        progress.update(20 * second, 425_700, 'calls', 'query q1');
      }
      progress.end();
      expect(written).toEqual([
        '600 of 425,700 calls · 0 % · 20 calls/s · 5 h 54 min left · query q1\n',
        '1,200 of 425,700 calls · 0 % · 20 calls/s · 5 h 54 min left · query q1\n',
        '1,800 of 425,700 calls · 0 % · 20 calls/s · 5 h 53 min left · query q1\n',
      ]);
    });

    it('does not wait longer because the kind of work changes', () => {
      const { written, progress, at } = started(false);
      for (let second = 0; second <= 80; second += 20) {
        at(1000 * second);
        progress.update(0, 9, 'steps', '', `stage ${second}`);
      }
      expect(written).toEqual(['0 of 9 steps · 0 %\n', '0 of 9 steps · 0 %\n']);
    });

    it('takes the seconds from the environment', () => {
      for (const [seconds, lines] of [
        ['5', 3],
        ['never', 0],
        ['-1', 0],
      ] as const) {
        process.env.RANKSCOPE_PROGRESS_SECONDS = seconds;
        const { written, progress, at } = started(false);
        for (let second = 0; second < 20; second++) {
          at(1000 * second);
          progress.update(second, 20, 'calls');
        }
        expect([seconds, written.length]).toEqual([seconds, lines]);
      }
    });
  });

  it('counts rates from what was done when the work began', () => {
    const { written, progress, at } = started(true);
    progress.update(900, 1000, 'steps');
    at(10_000);
    progress.update(950, 1000, 'steps');
    at(11_000);
    progress.update(2, 40, 'lists');
    at(13_000);
    progress.update(4, 40, 'lists');
    expect(written.map((text) => text.replace('\r\u001b[2K', ''))).toEqual([
      '900 of 1,000 steps · 90 %',
      '950 of 1,000 steps · 95 % · 5.0 steps/s · 10 s left',
      '2 of 40 lists · 5 %',
      '4 of 40 lists · 10 % · 1.0 lists/s · 36 s left',
    ]);
  });

  it('clears its line for one that stays', () => {
    const { written, progress } = started(true);
    progress.update(1, 10, 'calls');
    progress.note('careful');
    expect(written.slice(1)).toEqual(['\r\u001b[2K', 'Note: careful\n']);
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
