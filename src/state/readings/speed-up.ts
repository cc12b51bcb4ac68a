/**
 * Teacher against student. A ratio is shown only for fresh, warm work on the same candidates; once
 * answers came from the cache, the stored times are shown and no ratio, for a look-up is not work.
 * Until both have finished there is what each has taken so far.
 */
import type { RecordedCheckpoint } from '../../formats/recording/recording.ts';
import type { Device } from '../../inference/scorer.ts';
import {
  type Columns,
  columnOf,
  isRecorded,
  type ModelRun,
  modelRunOf,
  type ShownColumn,
} from '../run/run.ts';

export interface SpeedSide {
  /** Wall seconds of the ranking; with cached answers the sum of the calls' own stored times. */
  readonly seconds: number;
  readonly calls: number;
  readonly cached: number;
  /** The ranking is whole: there are no more calls to come. */
  readonly ended: boolean;
  readonly method: string;
  /** e.g. `WASM · 2 threads · int8` */
  readonly conditions: string;
}

export type SpeedUp =
  | {
      readonly kind: 'ratio';
      /** Teacher's seconds / student's seconds. */
      readonly ratio: number;
      readonly student: SpeedSide;
      readonly teacher: SpeedSide;
      /** Both ran at once and slowed each other. */
      readonly raced: boolean;
    }
  | {
      readonly kind: 'cached';
      readonly cached: number;
      readonly student: SpeedSide;
      readonly teacher: SpeedSide;
    }
  /** Without a ratio; `student` and `teacher` are null as long as they have no answer. */
  | {
      readonly kind: 'so-far';
      readonly reason: string;
      readonly student: SpeedSide | null;
      readonly teacher: SpeedSide | null;
    }
  | { readonly kind: 'hidden'; readonly reason: string };

export function speedUp(state: Columns): SpeedUp {
  const columns = { student: columnOf(state, 'student'), teacher: columnOf(state, 'teacher') };
  const [student, teacher] = [modelRunOf(columns.student), modelRunOf(columns.teacher)];
  const hidden = (reason: string): SpeedUp => ({ kind: 'hidden', reason });
  const ended = columns.student.state === 'done' && columns.teacher.state === 'done';
  if (!ended || !student || !teacher) return soFar(columns.student, columns.teacher);
  if (student.set.baseKey !== teacher.set.baseKey)
    return hidden('The two columns ranked different candidates.');
  // A recording of rankings only knows of no calls, which is not to say that there were none.
  const none = isRecorded(teacher) ? NO_TIMES : 'There were no calls to make.';
  if (!student.totals || !teacher.totals) return hidden(none);
  const cached = student.cached + teacher.cached;
  const sides = { student: side(student, true), teacher: side(teacher, true) };
  if (cached > 0) return { kind: 'cached', cached, ...sides };
  if (sides.student.calls === 0 || sides.teacher.calls === 0) return hidden(none);
  if (!(sides.student.seconds > 0)) return hidden('Too short to measure.');
  const ratio = sides.teacher.seconds / sides.student.seconds;
  return { kind: 'ratio', ratio, ...sides, raced: student.raced || teacher.raced };
}

const NO_TIMES = 'This recording holds no times.';

/** Of a recording that says what was answered, and not when. */
const isUntimed = (run: ModelRun): boolean => isRecorded(run) && run.totals === null && run.ms === 0;

function soFar(student: ShownColumn, teacher: ShownColumn): SpeedUp {
  const shown = [student, teacher].map(modelRunOf).filter((run) => run !== null);
  if (shown.some((run) => run.asked > 0) && shown.every(isUntimed))
    return { kind: 'hidden', reason: NO_TIMES };
  const [left, right] = [student, teacher].map((column) => {
    const run = modelRunOf(column);
    return run && run.asked + run.cached > 0 && !isUntimed(run) ? side(run, column.state === 'done') : null;
  });
  if (!left && !right) {
    const begun = student.state !== 'idle' && teacher.state !== 'idle';
    return { kind: 'hidden', reason: begun ? 'Shown when both have finished.' : 'Rank to measure it.' };
  }
  const reason = isRecorded(student.run ?? teacher.run)
    ? 'So far. Compared when both have finished.'
    : 'Measured so far. Compared when both have finished.';
  return { kind: 'so-far', reason, student: left ?? null, teacher: right ?? null };
}

function side(run: ModelRun, ended: boolean): SpeedSide {
  const wall = run.ms - run.earlierMs;
  return {
    seconds: (run.cached > 0 ? run.callMs : wall) / 1000,
    calls: run.asked,
    cached: run.cached,
    ended,
    method: run.method,
    conditions: run.info ? conditions(run.info) : '',
  };
}

export const DEVICE_NAMES: Readonly<Record<Device, string>> = { cpu: 'CPU', wasm: 'WASM', webgpu: 'WebGPU' };

export function conditions(info: RecordedCheckpoint): string {
  if (info.service !== undefined) return `at ${info.service}`;
  const device = DEVICE_NAMES[info.device];
  const threads =
    info.device === 'webgpu' || info.threads === undefined
      ? []
      : [`${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`];
  const alone = info.alone ? ['one prompt at a time'] : [];
  return [device, ...threads, info.dtype, ...alone].join(' · ');
}
