/** Options of a command line, checked: what is wrong is named together with what would be right. */
import { parseArgs } from 'node:util';
import { RankscopeError } from '../../src/errors.ts';

/** The part of parseArgs' options that commands use. */
interface Option {
  readonly type: 'string' | 'boolean';
  readonly default?: boolean;
  /** May be given several times, or once with several values: `--run a b`. */
  readonly multiple?: boolean;
}
type Options = Record<string, Option>;

/** A text where one was given, or a list of them; a switch with a default is always true or false. */
export type OptionValues<T extends Options> = {
  readonly [K in keyof T]: T[K]['type'] extends 'boolean'
    ? boolean
    : T[K] extends { readonly multiple: true }
      ? readonly string[] | undefined
      : string | undefined;
};

/**
 * Parses options; nothing but options is allowed.
 * @throws RankscopeError 'bad-input' for an unknown option, a missing value or a stray word.
 */
export function readOptions<const T extends Options>(
  command: string,
  args: readonly string[],
  options: T,
): OptionValues<T> {
  try {
    const { values } = parseArgs({
      args: spread(args, options),
      options,
      strict: true,
      allowPositionals: false,
    });
    return values as unknown as OptionValues<T>;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. To specify')[0] : String(error);
    const known = Object.keys(options).map((name) => `--${name}`);
    throw usage(command, `${reason}. Options are ${known.join(', ')}`);
  }
}

/** `--run a b` as `--run a --run b` where `run` may have several values. */
function spread(args: readonly string[], options: Options): string[] {
  const all: string[] = [];
  let option = '';
  let taken = 0;
  for (const arg of args) {
    if (arg.startsWith('--')) {
      const name = arg.slice(2);
      option = Object.hasOwn(options, name) && options[name]?.multiple ? arg : '';
      taken = 0;
    } else if (option !== '' && taken++ > 0) {
      all.push(option);
    }
    all.push(arg);
  }
  return all;
}

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

/** A whole number within bounds, or undefined when the option was not given. */
export function wholeNumber(
  command: string,
  name: string,
  value: string | undefined,
  { least, most }: { least: number; most: number },
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value.trim()) && number >= least && number <= most) return number;
  throw usage(command, `--${name} is “${value}”; it must be a whole number from ${least} to ${most}`);
}

/** A number of any kind, or undefined when the option was not given. */
export function number(command: string, name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (value.trim() !== '' && Number.isFinite(parsed)) return parsed;
  throw usage(command, `--${name} is “${value}”; it must be a number`);
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
