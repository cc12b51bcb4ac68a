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
  it('reads the embedded recipe', () => {
    const recipe = readRecipe(embedded);
    expect(recipe.match.listSize).toBe(8);
    const config = recipeConfig(recipe, 8192);
    expect(config.tiedHead && config.scaledHead).toBe(true);
    expect(config.numHeads * config.dKv).toBe(config.dModel);
  });

  it('names file and field of a wrong value', () => {
    expect(() => readRecipe(changed('seed: 1', 'seed: one'))).toThrow(
      /changed\.yaml: seed must be a number, found "one"/,
    );
  });

  it('names the words that a field may be', () => {
    expect(() => readRecipe(changed('target: probabilities', 'target: scores'))).toThrow(
      /distil\.target must be one of ranks, probabilities, found "scores"/,
    );
  });

  it('names a field that is missing, and one that nothing reads', () => {
    expect(() => readRecipe(changed(/ {2}listSize: .*\n/, ''))).toThrow(/match\.listSize must be a number/);
    expect(() => readRecipe(changed('seed: 1', 'seed: 1\nsteps: 5'))).toThrow(
      /steps is no field of a recipe/,
    );
  });

  it('says when a file is no YAML', () => {
    expect(() => readRecipe(changed('seed: 1', 'seed: [1'))).toThrow(/changed\.yaml: cannot be read as YAML/);
  });
});
