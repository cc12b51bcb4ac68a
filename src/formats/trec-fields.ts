/**
 * Fields of a line of TREC's formats. They are parted by ASCII white space only, as C's isspace has it: an
 * ideographic or no-break space is part of an id. A line with tabs may have spaces inside its fields.
 */
import { badInput, excerpt } from './excerpt.ts';

const BLANK = /[ \t\v\f\r]+/;

/**
 * The fields between tabs where there are tabs and `isLine` takes these fields for a line's, else what stands
 * between ASCII white space of any kind.
 */
export function trecFields(line: string, isLine: (fields: readonly string[]) => boolean): string[] {
  if (line.includes('\t')) {
    const fields = line.split('\t').map(trimBlanks);
    while (fields.at(-1) === '') fields.pop();
    if (isLine(fields)) return fields;
  }
  return trimBlanks(line).split(BLANK);
}

/** Whether these fields have something in them: all, or those at the places that are named. */
export function areFilled(fields: readonly string[], places?: readonly number[]): boolean {
  return places ? places.every((at) => (fields[at] ?? '') !== '') : fields.every((field) => field !== '');
}

/** Whether a field is a finite number. */
export const isTrecNumber = (field: string | undefined): boolean =>
  field !== undefined && NUMBER.test(field) && Number.isFinite(Number(field));

/** A number as people and programs write it: no hexadecimal, no empty text. Nothing in it can match in two ways: linear. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** @throws RankscopeError 'bad-input' when a field is not a finite number; `hint` says what may be the reason */
export function trecNumber(field: string, name: string, file: string, line: number, hint = ''): number {
  if (isTrecNumber(field)) return Number(field);
  throw badInput(file, line, `the ${name} must be a number, found ${excerpt(field)}.${hint}`);
}

/** Without blanks at either end; a pattern that looks for the end would be quadratic on long blanks. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
