/** Hostile recipes are refused with their line, at once, whatever they would do to the parser. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../../src/errors.ts';
import { processorMs } from '../../src/formats/testing/processor-time.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import { readDistillRecipe } from '../distill/recipe.ts';
import { readRecipe } from '../pretrain/recipe.ts';
import { testFolder } from '../testing/folder.ts';
import { excess } from './recipe-bounds.ts';

const folder = testFolder('recipe-bounds');
const path = join(folder, 'hostile.yaml');

/** The message of each reader of recipes; a raw error is one that fails the test. */
async function messages(text: string): Promise<string[]> {
  writeFileSync(path, text);
  return Promise.all(
    [readDistillRecipe, readRecipe].map((read) =>
      read(path).then(
        () => 'read',
        (error: unknown) => {
          if (!(error instanceof RankscopeError)) throw error;
          return error.message;
        },
      ),
    ),
  );
}

const many = (n: number, line: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => line(i)).join('');

describe('a recipe that is too much', () => {
  it.each<[name: string, text: string, message: RegExp]>([
    [
      'an alias of itself',
      'name: x\ndata: &a\n  input: *a\n',
      /line 3: this alias refers to another alias or to itself/,
    ],
    ['aliases in a circle', 'name: &a [*a]\n', /line 1: this alias refers to another alias/],
    [
      'aliases of aliases',
      `a: &a0 [1]\n${many(9, (i) => `b${i}: &a${i + 1} [*a${i}, *a${i}, *a${i}]\n`)}`,
      /line 3: this alias refers to another alias/,
    ],
    ['a thousand aliases', `name: &a x\nlist:\n${many(1000, () => '  - *a\n')}`, /line 35: too many aliases/],
    [
      'flow lists in lists',
      `name: x\ndata: ${'['.repeat(5000)}`,
      /line 2: .* nested too deeply; .* at most 16/,
    ],
    ['block lists in lists', `name: x\n${'- '.repeat(5000)}`, /line 2: .* nested too deeply/],
    ['keys in keys', `${'? '.repeat(5000)}a`, /line 1: .* nested too deeply/],
    [
      'sections in sections',
      many(200, (i) => `${' '.repeat(i)}a:\n`),
      /line 102: the line is indented too far/,
    ],
    [
      'very many fields',
      many(6000, (i) => `a${i}: \n`),
      /line \d+: it has too many parts; .* at most 12,000/,
    ],
    ['100 kB', `name: ${'x'.repeat(100_000)}`, /line 1: it has 100,006 characters; .* at most 64,000/],
  ])('is refused: %s', async (_, text, message) => {
    const began = processorMs();
    for (const told of await messages(text)) expect(told).toMatch(message);
    expect(processorMs() - began).toBeLessThan(2000);
  });

  it('is none of the shipped ones, by far', () => {
    const shipped = join(import.meta.dirname, '../recipes');
    for (const file of readdirSync(shipped).filter((name) => name.endsWith('.yaml'))) {
      expect([file, excess(readFileSync(join(shipped, file), 'utf8').repeat(4))]).toEqual([file, undefined]);
    }
  });

  it('ends in a named error whatever it is made of', async () => {
    const random = seededRandom(15);
    const parts = [
      '[',
      ']',
      '{',
      '}',
      '- ',
      '? ',
      ': ',
      '&a ',
      '*a',
      '*b',
      ',',
      '\n',
      '  ',
      '|\n',
      '"',
      "'",
      '#',
    ];
    parts.push(
      'name',
      'data',
      'input',
      'evaluate',
      'train',
      '1',
      'null',
      '!!set',
      '!t ',
      '%',
      '---\n',
      '<<',
      '\t',
    );
    parts.push('\r', '\u00a0', 'data:\n  ', 'evaluate:\n  data:\n  - ', '&a x\n', '*a : b\n');
    for (let n = 0; n < 1500; n++) {
      const length = 1 + Math.floor(random.uniform() * 40);
      const text = many(length, () => parts[Math.floor(random.uniform() * parts.length)]!);
      const began = processorMs();
      const told = await messages(text).catch((error: unknown) => [
        `${String(error)} of ${JSON.stringify(text)}`,
      ]);
      expect(told).toEqual(told.map(() => expect.stringContaining('hostile.yaml')));
      expect(processorMs() - began).toBeLessThan(2000);
    }
  });
});
