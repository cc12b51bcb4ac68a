/** Training logs: a JSON line per report, and a line for people with the time left. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

export interface TrainingLog {
  /** Appends a record as one JSON line. */
  record(entry: Readonly<Record<string, unknown>>): void;
  /** Prints a line with the time. */
  say(line: string): void;
  /** How a stage goes, again and again: printed where details are wanted. */
  detail(line: string): void;
  /** How far the work is, as often as it likes. */
  progress(done: number, total: number, unit: string, what: string): void;
}

/** Where a log's lines go; absent: nowhere. */
export interface LogListener {
  readonly print?: (line: string) => void;
  readonly detail?: (line: string) => void;
  readonly progress?: TrainingLog['progress'];
}

export function openLog(path: string, { print, detail, progress }: LogListener = {}): TrainingLog {
  mkdirSync(dirname(path), { recursive: true });
  return {
    record: (entry) =>
      appendFileSync(path, `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`),
    say: (line) => print?.(`${timeOfDay()} ${line}`),
    detail: (line) => detail?.(`${timeOfDay()} ${line}`),
    progress: (...told) => progress?.(...told),
  };
}

const timeOfDay = () => new Date().toISOString().slice(11, 19);

/** Seconds as "1 h 02 min", "3 min 20 s" or "12 s". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s >= 3600)
    return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
  if (s >= 60) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${s} s`;
}
