/**
 * A recording in a link: gzip in base64url behind `#recording=`. A hash never leaves the browser, so that no server sees
 * what is shared.
 */
import { gzip } from 'pako';
import type { Recording } from '../../formats/recording/recording.ts';
import { writeRecordingLine } from '../../formats/recording/write.ts';
import { progressAt } from '../../ranking/progress/apply-events.ts';

/** Longest link that is made: every current browser opens it, and so do most programs that pass links on. */
export const LONGEST_LINK = 32_000;
/** Most bytes in a QR code (version 40, level L, ISO/IEC 18004). */
export const LONGEST_QR = 2953;

export function recordingLink(recording: Recording, page: string): string {
  const packed = gzip(new TextEncoder().encode(writeRecordingLine(recording)), { level: 9 });
  const binary = Array.from(packed, (byte) => String.fromCharCode(byte)).join('');
  const payload = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return `${page.replace(/#.*$/s, '')}#recording=${payload}`;
}

/** The rankings alone, without the answers behind them: what fits a QR code. */
export function rankingsOnly(recording: Recording): Recording {
  const { candidates } = recording;
  return {
    ...recording,
    firstStage: undefined,
    runs: recording.runs.map((run) => {
      const { order, scores } = progressAt(run.kind, candidates.length, run.events);
      return {
        ...run,
        template: null,
        timed: false,
        events: [
          { type: 'ranking', order, scores: scores.map((score) => Number(score.toPrecision(5))), at: 0 },
        ],
      };
    }),
  };
}
