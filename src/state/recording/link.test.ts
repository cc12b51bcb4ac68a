import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openRecordings } from '../../formats/recording/open.ts';
import { progressAt } from '../../ranking/progress/apply-events.ts';
import { LONGEST_LINK, LONGEST_QR, rankingsOnly, recordingLink } from './link.ts';
import { linkedBytes } from './linked-bytes.ts';

const file = new URL('../../../public/samples/recordings/kitchen.rankscope.json.gz', import.meta.url);
const [recording] = openRecordings(readFileSync(file), 'kitchen');
const page = 'https://example.org/rankscope/#/inspect';

it('carries a whole recording, and the rankings alone small enough for a QR code', () => {
  const whole = recordingLink(recording!, page);
  expect(whole).toMatch(/^https:\/\/example\.org\/rankscope\/#recording=[\w-]+$/);
  expect(whole.length).toBeLessThan(LONGEST_LINK);
  expect(openRecordings(linkedBytes(new URL(whole).hash)!, 'link')).toEqual([recording]);
  const small = recordingLink(rankingsOnly(recording!), page);
  expect(small.length).toBeLessThan(LONGEST_QR);
  const [read] = openRecordings(linkedBytes(new URL(small).hash)!, 'link');
  const n = recording!.candidates.length;
  for (const [i, run] of read!.runs.entries()) {
    const wanted = recording!.runs[i]!;
    expect(progressAt(run.kind, n, run.events).order).toEqual(
      progressAt(wanted.kind, n, wanted.events).order,
    );
    expect(run).toMatchObject({ timed: false, checkpoint: { digest: wanted.checkpoint!.digest } });
  }
});

it('is of no recording for any other hash, and refused with a reason when it is damaged', () => {
  expect(linkedBytes('#/inspect')).toBeUndefined();
  expect(() => linkedBytes('#recording=%%')).toThrow(/damaged/);
  fc.assert(
    fc.property(fc.base64String({ maxLength: 400 }), (payload) => {
      let reason = '';
      try {
        const bytes = linkedBytes(`#recording=${payload.replaceAll('+', '-').replaceAll('/', '_')}`)!;
        openRecordings(bytes, 'the link');
      } catch (error) {
        reason = (error as Error).message;
      }
      expect(reason).not.toBe('');
      expect(reason).not.toMatch(/undefined|not a function|Cannot read/);
    }),
  );
});
