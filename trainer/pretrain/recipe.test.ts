import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRecipe, recipeConfig } from './recipe.ts';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-recipe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const embedded = resolve(import.meta.dirname, '../recipes/embedded.yaml');

/** The embedded recipe with a change, as a file. */
function changed(from: string | RegExp, to: string): string {
  const path = join(folder, 'changed.yaml');
  const text = readFileSync(embedded, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(path, text.replace(from, to));
  return path;
}

describe('readRecipe', () => {
  it('reads the embedded recipe', async () => {
    const recipe = await readRecipe(embedded);
    expect(recipe.match?.listSize).toBe(8);
    expect(recipe.refine.labels).toEqual({ judgedShare: 0.4, firstStageShare: 0.5 });
    const config = recipeConfig(recipe, 8192);
    expect(config.tiedHead && config.scaledHead).toBe(true);
    expect(config.numHeads * config.dKv).toBe(config.dModel);
  });

  it('reads the recipe of a base that compares, with what only such a one has', async () => {
    const recipe = await readRecipe(resolve(import.meta.dirname, '../recipes/comparing.yaml'));
    expect(recipe.match).toBeUndefined();
    expect(recipe).toMatchObject({ seeds: 'named', answers: 'apart', stemming: 'english' });
    expect(recipe.label).toMatchObject({ depth: 20, pairs: 60 });
    // Paths are the recipe's own.
    expect(recipe.evaluation.supervised).toBe(
      resolve(import.meta.dirname, '../../public/models/demo-teacher'),
    );
    expect(1 / recipe.polish.relevanceEvery).toBeCloseTo(0.05);
  });

  it('leaves out of older recipes what they do not have', async () => {
    const recipe = await readRecipe(embedded);
    const { seeds, answers, kept, answer, vocabulary } = recipe;
    expect([seeds, answers, kept, answer, vocabulary]).toEqual(Array(5).fill(undefined));
  });

  const faults: readonly (readonly [from: string | RegExp, to: string, message: RegExp])[] = [
    ['seed: 1', 'seed: one', /changed\.yaml, line \d+: seed must be a whole number from 0 .*, found “"one"”/],
    [
      /beta2: 0\.99\b/,
      'beta2: 1.5',
      /line \d+: optimiser\.beta2 must be a number above 0, at most 0\.999999, found “1\.5”/,
    ],
    [/steps: \d+/, 'steps: -3', /line \d+: match\.steps must be a whole number of at least 1, found “-3”/],
    [
      'target: probabilities',
      'target: scores',
      /distil\.target must be one of ranks, probabilities, bradley-terry, found “"scores"”/,
    ],
    [/ {2}listSize: .*\n/, '', /match\.listSize is missing: a recipe for pretrain must give every field/],
    ['seed: 1', 'seed: 1\nsteps: 5', /line \d+: steps is not a field of a recipe/],
    [
      /deep: \d+/,
      'deep: 99',
      /line \d+: label has deep 99 and random \d+, which together must be less than depth \d+/,
    ],
    [
      'seed: 1',
      'seed: 1\nseeds: nmaed',
      /line \d+: seeds must be one of by-length, named.*Did you mean named/,
    ],
    [
      'seed: 1',
      'seed: 1\nanswer: { batch: 4 }',
      /line \d+: answer takes the place of match: give one of them/,
    ],
    ['random: 1 }', 'random: 1, pairs: 99 }', /label has 99 pairs; 8 passages need 8 to 28 of them/],
    [/match:\n( {2}.*\n)+/, '', /match is missing: a recipe for pretrain must give it, or answer/],
    ['seed: 1', 'seed: [1', /changed\.yaml, line \d+: it cannot be read as YAML/],
  ];
  it.each(faults)('names file, line and field where %s is %s', async (from, to, message) => {
    await expect(readRecipe(changed(from, to))).rejects.toThrow(message);
  });

  it('says all that is wrong at once', async () => {
    const path = changed(/seed: 1[\s\S]*queryTokens: 32/, 'seed: x\nqueryTokens: 0');
    await expect(readRecipe(path)).rejects.toThrow(
      /threads is missing[\s\S]*model is missing[\s\S]*seed must.*\n.*queryTokens must/,
    );
  });
});
