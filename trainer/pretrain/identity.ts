/**
 * What a pretraining's folder was begun with. Stages that are there are taken as they are, so they must be of
 * this recipe and this data: a changed one would otherwise go on from the old one's weights and labels.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { writeWhole } from '../engine/state.ts';
import type { TrainingSet } from './data/training-set.ts';
import type { Recipe } from './recipe.ts';

/** Fields that no stage's result depends on beyond the prepared data: words, paths, and what is measured at the end. */
const FREE: readonly string[] = ['name', 'history', 'evaluation', 'vocabulary', 'readTokens'];

type Identity = Readonly<Record<string, string>>;

function identityOf(recipe: Recipe, set: TrainingSet): Identity {
  const { arrays } = set;
  const hash = createHash('sha256');
  for (const key of Object.keys(arrays).sort()) {
    const { buffer, byteOffset, byteLength } = arrays[key as keyof typeof arrays];
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  const fields = Object.entries(recipe).filter(([key]) => !FREE.includes(key));
  return {
    ...Object.fromEntries(fields.map(([key, value]) => [key, JSON.stringify(value)])),
    'the prepared data': hash.digest('hex'),
  };
}

/** @throws RankscopeError 'bad-input' naming what changed since the folder was begun */
export function checkIdentity(output: string, recipe: Recipe, set: TrainingSet): void {
  const path = join(output, 'stages', 'begun-with.json');
  const now = identityOf(recipe, set);
  if (!existsSync(path)) {
    writeWhole(path, JSON.stringify(now, null, 1));
    return;
  }
  const then = JSON.parse(readFileSync(path, 'utf8')) as Identity;
  const changed = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter(
    (key) => ordered(then[key]) !== ordered(now[key]),
  );
  if (changed.length === 0) return;
  throw new RankscopeError(
    'bad-input',
    `${output} contains stages that were started with other inputs: ${changed.join(', ')} changed. Choose another --output, ` +
      `or delete ${join(output, 'stages')} (or the later stages in it, and begun-with.json) to train again.`,
  );
}

/** A field's JSON with its keys in order: how a recipe is written down, or read, changes nothing. */
function ordered(json: string | undefined): string | undefined {
  if (!json?.startsWith('{')) return json;
  return JSON.stringify(JSON.parse(json), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
