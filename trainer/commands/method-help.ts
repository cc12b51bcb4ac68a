/** The ranking methods as the command line names them: in help texts, and read from options. */
import { BASELINES } from '../../src/evaluation/baselines/baselines.ts';
import type { MethodChoices } from '../../src/ranking/methods/descriptor.ts';
import {
  METHOD_IDS,
  METHODS,
  type MethodId,
  methodNamed,
  methodOfSchedule,
  readMethodId,
  SCHEDULE_NAMES,
  type ScheduleName,
  takes,
} from '../../src/ranking/methods/registry.ts';
import { oneOf } from '../cli/args.ts';

const WIDTH = Math.max(...METHOD_IDS.map((id) => id.length)) + 2;

/** One line per method. */
export const methodLines = (): string =>
  METHODS.map(({ id, summary }) => id.padEnd(WIDTH) + summary).join('\n');

/** The same of orders that ask no model. */
export const baselineLines = (): string =>
  BASELINES.map(({ id, summary }) => id.padEnd(WIDTH) + summary).join('\n');

/** Those that take an option, in one line. */
export const methodsWith = (option: keyof MethodChoices): string =>
  METHOD_IDS.filter((id) => takes(id, option)).join(', ');

/** One line per schedule by which pairs are compared. */
export const scheduleLines = (byDefault: ScheduleName): string => {
  const width = Math.max(...SCHEDULE_NAMES.map((name) => name.length)) + 2;
  return SCHEDULE_NAMES.map((name) => {
    const { summary } = methodNamed(methodOfSchedule(name));
    return `${`${name}:`.padEnd(width)}${summary}${name === byDefault ? ' (default)' : ''}`;
  }).join('\n');
};

/** Schedules whose method takes an option, in one line. */
export const schedulesWith = (option: keyof MethodChoices): string =>
  SCHEDULE_NAMES.filter((name) => takes(methodOfSchedule(name), option)).join(', ');

/** Their names in one line. */
export const methodList = (): string => METHOD_IDS.join(', ');

/**
 * A method by today's id or one of before, or one of a few other words.
 * @throws RankscopeError 'bad-input' that names today's ids
 */
export const methodOption = <T extends string = never>(
  command: string,
  option: string,
  value: string,
  others: readonly T[] = [],
): MethodId | T => readMethodId(value) ?? oneOf(command, option, value, [...others, ...METHOD_IDS])!;
