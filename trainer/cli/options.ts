/**
 * The options of a command as a typed table: groups in the order of the help, each option with what it takes, what it may
 * be and what it does. The table is read two ways, as a parser (below) and as help (help.ts), so that neither can know an
 * option that the other does not.
 */

import { parseArgs } from 'node:util';
import { messageOf } from '../../src/errors.ts';
import { usage } from './args.ts';
import { nearest } from './did-you-mean.ts';
import { type ChoiceRule, must, parse, type Rule, type ValueOf } from './rule.ts';

export interface Option<T> {
  readonly kind: 'one' | 'several' | 'list' | 'flag' | 'positional';
  /** What stands for the value in help, e.g. FILE; nothing for a flag. */
  readonly value: string;
  /** Its lines are wrapped by help.ts. */
  readonly help: string;
  readonly rule?: Rule;
  /** As it is typed, where that is not its key with hyphens. */
  readonly name?: string;
  readonly needed?: 'always' | 'unless dryRun';
  /** Never set: carries the type of the value. */
  readonly type?: T;
}

export type Group = Readonly<Record<string, Option<unknown>>>;
/** Title of a group → its options by the names that the values have: `learningRate` is typed `--learning-rate`. */
export type Options = Readonly<Record<string, Group>>;

type Together<U> = (U extends unknown ? (of: U) => void : never) extends (of: infer All) => void
  ? All
  : never;
type GroupValues<G> = { readonly [K in keyof G]: G[K] extends Option<infer T> ? T : never };
/** The values of a table, all groups in one: undefined, or false for a flag, where an option was not given. */
export type OptionValues<T extends Options> = Together<{ [G in keyof T]: GroupValues<T[G]> }[keyof T]>;

/** A text, as it was typed. */
export const text = (value: string, help: string): Option<string | undefined> => ({
  kind: 'one',
  value,
  help,
});

/** May be given several times, or once with several values: `--run a b`. */
export const texts = (value: string, help: string): Option<readonly string[] | undefined> => ({
  kind: 'several',
  value,
  help,
});

export const flag = (help: string): Option<boolean> => ({ kind: 'flag', value: '', help });

/** A word that stands without a name, e.g. `serve DIR`; a table has one at most. */
export const positional = (value: string, help: string): Option<string | undefined> => ({
  kind: 'positional',
  value,
  help,
});

/** A number or a word that keeps a rule. */
export const ruled = <R extends Rule>(
  rule: R,
  value: string,
  help: string,
): Option<ValueOf<R> | undefined> => ({
  kind: 'one',
  value,
  help,
  rule,
});

/** Words with commas between them, each once. */
export const list = <T extends string>(
  rule: ChoiceRule<T>,
  value: string,
  help: string,
): Option<readonly T[] | undefined> => ({ kind: 'list', value, help, rule });

/** The command cannot do without it. */
export const needed = <T>(option: Option<T>): Option<NonNullable<T>> =>
  ({ ...option, needed: 'always' }) as never;

/** Needed by all but a dry run, which the table must have as `dryRun`. */
export const neededToWrite = <T>(option: Option<T>): Option<T> => ({ ...option, needed: 'unless dryRun' });

/** An option that is not typed as its key. */
export const typedAs = <T>(name: string, option: Option<T>): Option<T> => ({ ...option, name });

/** `--learning-rate` of `learningRate`; a positional word is shown as its value. */
export const typed = (key: string, { kind, value, name }: Option<unknown>): string =>
  kind === 'positional'
    ? value
    : `--${name ?? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const all = (options: Options): [key: string, option: Option<unknown>][] =>
  Object.values(options).flatMap((group) => Object.entries(group));

/**
 * Reads arguments; nothing but the options, and the positional word where the table has one, is allowed.
 * @throws RankscopeError 'bad-input' for an unknown option, a missing value, a stray word, a value that breaks its rule
 *   (named with the rule), and an option that is needed.
 */
export function readOptions<const T extends Options>(
  command: string,
  args: readonly string[],
  options: T,
): OptionValues<T> {
  const given = parseTyped(command, args, options);
  const values: Record<string, unknown> = {};
  for (const [key, option] of all(options)) {
    values[key] = readValue(command, typed(key, option), option, given[typed(key, option)]);
  }
  for (const [key, option] of all(options)) {
    const isNeeded =
      option.needed === 'always' || (option.needed === 'unless dryRun' && values.dryRun !== true);
    if (isNeeded && isEmpty(values[key])) throw usage(command, `${typed(key, option)} is missing`);
  }
  return values as OptionValues<T>;
}

/** The options of `keys` that were given, as they are typed: for those that mean nothing beside another. */
export function givenOf(options: Options, keys: readonly string[], values: object): string[] {
  const found = values as Readonly<Record<string, unknown>>;
  return all(options)
    .filter(([key]) => keys.includes(key) && found[key] !== undefined && found[key] !== false)
    .map(([key, option]) => typed(key, option));
}

const isEmpty = (value: unknown) =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

type Given = string | readonly string[] | boolean | undefined;

function readValue(command: string, name: string, { kind, rule }: Option<unknown>, given: Given): unknown {
  if (kind === 'flag') return given === true;
  if (typeof given !== 'string' || !rule) return given;
  const read = (word: string) => {
    const value = parse(rule, word);
    if (value === undefined) throw usage(command, `${name} is “${word}”; it must be ${must(rule)}`);
    return value;
  };
  if (kind !== 'list') return read(given);
  return [...new Set(given.split(',').map((word) => read(word.trim())))];
}

/** What was given, by the names under which options are typed. */
function parseTyped(command: string, args: readonly string[], options: Options): Record<string, Given> {
  const entries = all(options);
  const flags = entries
    .filter(([, { kind }]) => kind !== 'positional')
    .map(([key, option]) => [typed(key, option).slice(2), option.kind] as const);
  const place = entries.find(([, { kind }]) => kind === 'positional');
  const config = Object.fromEntries(
    flags.map(([name, kind]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: kind === 'several' },
    ]),
  );
  try {
    const several = flags.filter(([, kind]) => kind === 'several').map(([name]) => `--${name}`);
    const { values, positionals } = parseArgs({
      args: spread(args, several),
      options: config,
      allowPositionals: place !== undefined,
    });
    const [word, stray] = positionals;
    if (stray !== undefined) throw new Error(`Unexpected argument '${stray}'`);
    const named = Object.entries(values).map(([name, value]) => [`--${name}`, value as Given] as const);
    return Object.fromEntries<Given>([...named, ...(place ? [[typed(...place), word] as const] : [])]);
  } catch (error) {
    const reason = reasonOf(error);
    const known = flags.map(([name]) => `--${name}`);
    const [, unknown] = /^Unknown option '--(.+)'/.exec(reason) ?? [];
    const near =
      unknown &&
      nearest(
        unknown,
        flags.map(([name]) => name),
      );
    const advice = near ? `Did you mean --${near}? ` : '';
    throw usage(command, `${reason}. ${advice}Options are ${known.join(', ')}`);
  }
}

/** `--run a b` as `--run a --run b` where `run` may have several values. */
function spread(args: readonly string[], several: readonly string[]): string[] {
  const spreaded: string[] = [];
  let option = '';
  let taken = 0;
  for (const arg of args) {
    if (arg.startsWith('--')) {
      option = several.includes(arg) ? arg : '';
      taken = 0;
    } else if (option !== '' && taken++ > 0) {
      spreaded.push(option);
    }
    spreaded.push(arg);
  }
  return spreaded;
}

/** Node's words in one line, without its advice for programs that take positional arguments. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const [, name] = /^Option '(--\S+)' argument is ambiguous/.exec(message) ?? [];
  if (name !== undefined) return `${name} has no value (one that begins with a hyphen is written ${name}=-1)`;
  return message.split('. To specify')[0]!;
}
