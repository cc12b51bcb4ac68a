/** Training logs: a JSON line per report, and a line for people with the time left. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

export interface TrainingLog {
  /** Appends a record as one JSON line. */
  record(entry: Readonly<Record<string, unknown>>): void;
  /** Prints a line with the time. */
  say(line: string): void;
}

export function openLog(path: string, print: (line: string) => void = console.log): TrainingLog {
  mkdirSync(dirname(path), { recursive: true });
  return {
    record: (entry) =>
      appendFileSync(path, `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`),
    say: (line) => print(`${new Date().toISOString().slice(11, 19)} ${line}`),
  };
}

/** Seconds as "1 h 02 min", "3 min 20 s" or "12 s". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s >= 3600)
    return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
  if (s >= 60) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${s} s`;
}
