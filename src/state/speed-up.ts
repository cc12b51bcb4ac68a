/**
 * Teacher against student. A ratio is shown only for fresh, warm work on the same candidates; once
 * answers came from the cache, the stored times are shown and no ratio, for a look-up is no work.
 */
import type { ColumnRun, RunState } from './run.ts';

export interface SpeedSide {
  /** Wall seconds of the ranking; with cached answers the sum of the calls' own stored times. */
  readonly seconds: number;
  readonly calls: number;
  readonly cached: number;
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
  | { readonly kind: 'hidden'; readonly reason: string };

export function speedUp({ columns }: Pick<RunState, 'columns'>): SpeedUp {
  const { student, teacher } = columns;
  const hidden = (reason: string): SpeedUp => ({ kind: 'hidden', reason });
  if (student.state === 'idle' || teacher.state === 'idle') return hidden('Rank to measure it.');
  if (student.state !== 'done' || teacher.state !== 'done') return hidden('Shown when both have finished.');
  if (student.baseKey !== teacher.baseKey) return hidden('The two columns ranked different candidates.');
  if (!student.totals || !teacher.totals) return hidden('No model calls were needed.');
  const cached = student.cached + teacher.cached;
  const sides = { student: side(student), teacher: side(teacher) };
  if (cached > 0) return { kind: 'cached', cached, ...sides };
  if (sides.student.calls === 0 || sides.teacher.calls === 0) return hidden('No model calls were needed.');
  if (!(sides.student.seconds > 0)) return hidden('Too short to measure.');
  const ratio = sides.teacher.seconds / sides.student.seconds;
  return { kind: 'ratio', ratio, ...sides, raced: student.raced || teacher.raced };
}

function side(column: ColumnRun): SpeedSide {
  const stored = [...(column.matrix?.list() ?? []), ...column.scored].reduce(
    (ms, item) => ms + (item?.ms ?? 0),
    0,
  );
  return {
    seconds: column.cached > 0 ? stored / 1000 : column.ms / 1000,
    calls: column.asked,
    cached: column.cached,
    method: column.method ?? '',
    conditions: column.info ? conditions(column.info) : '',
  };
}

export function conditions(info: NonNullable<ColumnRun['info']>): string {
  const device = { cpu: 'CPU', wasm: 'WASM', webgpu: 'WebGPU' }[info.device];
  const threads =
    info.device === 'webgpu' ? [] : [`${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`];
  return [device, ...threads, info.dtype].join(' · ');
}
