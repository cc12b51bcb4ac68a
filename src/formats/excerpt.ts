/** Small helpers for messages: what was found, shortened, so that people recognise the line. */
import { RankscopeError } from '../errors.ts';

/** At most `length` characters of a text on one line, in quotes. */
export function excerpt(text: string, length = 60): string {
  // Cut before anything else: the text may be a line of many megabytes.
  const oneLine = text
    .slice(0, length * 4)
    .replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
    .trim();
  if (oneLine.length <= length && text.length <= length * 4) return `“${oneLine}”`;
  return `“${Array.from(oneLine.slice(0, length)).slice(0, -1).join('')}…”`;
}

/** A thing that is wrong with a line of an input, and what to do about it. */
export interface Problem {
  /** Line in the input, from 1. */
  readonly line: number;
  /** What is wrong and what to do, in a sentence or two. */
  readonly reason: string;
}

/** The 'bad-input' error of a strict reader: names file, line, reason. */
export function badInput(file: string, line: number | undefined, reason: string): RankscopeError {
  const where = line === undefined ? file : `${file}, line ${line}`;
  return new RankscopeError('bad-input', `${where}: ${reason}`, { file, line, reason });
}

/** "1 passage", "3 passages". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`;
}
