/** A table of options is read as a parser and as help. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import { commands } from '../commands/all.ts';
import { helpOf } from './help.ts';
import {
  flag,
  givenOf,
  list,
  needed,
  neededToWrite,
  positional,
  readOptions,
  ruled,
  text,
  texts,
  typedAs,
} from './options.ts';
import { above, among, anyNumber, fits, from, must, whole } from './rule.ts';

const OPTIONS = {
  Required: {
    input: needed(texts('FILE…', 'what is read')),
    output: neededToWrite(text('FILE', 'what is written')),
  },
  Options: {
    learningRate: ruled(above(0, 1), 'R', 'how fast'),
    k: ruled(whole(1, 10), 'N', 'how many'),
    method: ruled(
      { ...among(['rg', 'student']), formerly: (word) => (word === 'relevance' ? 'rg' : undefined) },
      'M',
      'how',
    ),
    dtypes: list(among(['int8', 'q8']), 'LIST', 'in which forms'),
    seconds: typedAs('save-seconds', ruled(anyNumber, 'S', 'how often')),
    dryRun: flag('write nothing'),
  },
};
const read = (...args: string[]) => readOptions('try', args, OPTIONS);
const io = ['--input', 'a', '--output', 'b'];

describe('a table of options as a parser', () => {
  it('gives each value its type and the name of its key', () => {
    const values = read(
      ...['--input', 'a', 'b', '--input', 'c', '--output=d', '--learning-rate', '3e-5', '--k', '7'],
      ...['--dtypes', 'q8, int8,q8', '--save-seconds=-1', '--dry-run'],
    );
    expect(values).toEqual({
      input: ['a', 'b', 'c'],
      output: 'd',
      learningRate: 3e-5,
      k: 7,
      method: undefined,
      dtypes: ['q8', 'int8'],
      seconds: -1,
      dryRun: true,
    });
    expectTypeOf(values.input).toEqualTypeOf<readonly string[]>();
    expectTypeOf(values.method).toEqualTypeOf<'rg' | 'student' | undefined>();
    expectTypeOf(values.k).toEqualTypeOf<number | undefined>();
    expectTypeOf(values.dryRun).toEqualTypeOf<boolean>();
  });

  it('takes a word of before for the one of today', () => {
    expect(read('--method', 'relevance', ...io).method).toBe('rg');
  });

  it.each([
    [['--k', '0'], /^--k is “0”; it must be a whole number from 1 to 10\. .*try --help” shows examples\.$/],
    [['--k', '1e0'], /^--k is “1e0”/],
    [['--learning-rate', '0'], /^--learning-rate is “0”; it must be a number above 0, at most 1\./],
    [['--learning-rate', ''], /^--learning-rate is “”/],
    [['--method', 'best'], /^--method is “best”; it must be one of rg, student\./],
    [['--dtypes', 'q8,q3'], /^--dtypes is “q3”; it must be one of int8, q8\./],
    [
      ['--metod', 'rg'],
      /^Unknown option '--metod'\. Did you mean --method\? Options are --input, --output, /,
    ],
    [['--learningRate', '1'], /^Unknown option '--learningRate'\. Did you mean --learning-rate\?/],
    [['--zzz'], /^Unknown option '--zzz'\. Options are /],
    [['--dry-run=yes'], /^Option '--dry-run' does not take an argument/],
    [['--k'], /^--k has no value \(one that begins with a hyphen is written --k=-1\)\. Options are /],
    [['stray'], /^Unexpected argument 'stray'/],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args, ...io)).toThrow(message);
  });

  it('says what is missing, and asks a dry run for no output', () => {
    expect(() => read()).toThrow(/^--input is missing\./);
    expect(() => read('--input', 'a')).toThrow(/^--output is missing\./);
    expect(() => read('--input', 'a', '--output', '')).toThrow(/^--output is missing\./);
    expect(read('--input', 'a', '--dry-run').output).toBeUndefined();
  });

  it('takes one word without a name where the table has a place for it', () => {
    const table = { All: { folder: needed(positional('DIR', 'a folder')), json: flag('one line') } };
    expect(readOptions('try', ['a', '--json'], table)).toEqual({ folder: 'a', json: true });
    expect(() => readOptions('try', [], table)).toThrow(/^DIR is missing/);
    expect(() => readOptions('try', ['a', 'b'], table)).toThrow(/^Unexpected argument 'b'/);
    expect(helpOf({ usage: 'try DIR', about: 'Tries.', options: table })).toMatch(/\n {2}DIR {17}a folder/);
  });

  it('tells which of some options were given, as they are typed', () => {
    expect(givenOf(OPTIONS, ['seconds', 'k', 'dryRun'], read('--save-seconds', '1', ...io))).toEqual([
      '--save-seconds',
    ]);
  });
});

describe('a rule', () => {
  it.each([
    [whole(2), 'a whole number from 2 to 1000000000', [2, 1e9], [1, 2.5, 1e9 + 1, '2']],
    [from(0, 1), 'a number from 0 to 1', [0, 0.5, 1], [-0.1, 1.1, Number.NaN]],
    [from(0), 'a number of at least 0', [0, 1e300], [-1, Number.POSITIVE_INFINITY]],
    [above(0, 1), 'a number above 0, at most 1', [1e-9, 1], [0, 2]],
    [anyNumber, 'a number', [-5, 0.1], [Number.NaN, '1', null]],
    [among(['a', 'b']), 'one of a, b', ['a'], ['c', undefined]],
  ])('%j', (rule, words, good, bad) => {
    expect(must(rule)).toBe(words);
    for (const value of good) expect([value, fits(rule, value)]).toEqual([value, true]);
    for (const value of bad) expect([value, fits(rule, value)]).toEqual([value, false]);
  });
});

describe('a table of options as help', () => {
  it('has every option in its group, its text beside it and wrapped', () => {
    const long = Array.from({ length: 30 }, (_, i) => `word${i}`).join(' ');
    const options = { Group: { k: ruled(whole(1), 'N', long), leaveOutIdenticalIds: flag('short') } };
    const help = helpOf({ usage: 'try --k N', about: 'Tries.', options }, 'The end.');
    expect(help).toMatch(/^Usage: npm run trainer -- try --k N\n\nTries\.\n\nGroup\n {2}--k N {15}word0 /);
    expect(help).toContain('\n                      word');
    expect(help).toContain('\n  --leave-out-identical-ids  short\n');
    expect(help).toMatch(/The end\.\nExit codes: /);
  });

  it.each(commands.map(({ name, help }) => [name, help]))(
    'of %s fits a terminal of 120 columns',
    (_, help) => {
      for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    },
  );
});
