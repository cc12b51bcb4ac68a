/** What is wrong in a call, and what a call leaves open. */
import { RankscopeError } from '../../src/errors.ts';

/** The error of a wrong call. `reason` is a sentence without its full stop. */
export function usage(command: string, reason: string): RankscopeError {
  return new RankscopeError(
    'bad-input',
    `${reason}. “npm run trainer -- ${command} --help” shows examples.`,
    { command },
  );
}

/**
 * `--output DIR`. A dry run needs none: it looks at the disk of this folder, and a name that is not there has nothing
 * to go on from.
 */
export function outputFolder(command: string, value: string | undefined, isDry: boolean): string {
  return isDry && value === undefined ? NOT_THERE : required(command, 'output', value);
}

const NOT_THERE = 'output-of-a-dry-run';

/** A required value. */
export function required(command: string, name: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw usage(command, `--${name} is missing`);
}

/** One of a few words, or undefined when the option was not given. */
export function oneOf<T extends string>(
  command: string,
  name: string,
  value: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw usage(command, `--${name} is “${value}”; it must be one of ${choices.join(', ')}`);
}
