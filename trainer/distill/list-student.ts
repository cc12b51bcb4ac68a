/** Puts the student where the page finds it: a copy beside the list of models, and an entry in it. */
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import { addToIndex, readIndex } from '../checkpoint/model-index.ts';
import { slug } from '../cli/file-names.ts';
import { writeAtomicPieces } from '../node/atomic.ts';
import type { StageContext } from './stage.ts';

/**
 * @param index public/models/index.json, or another site's
 * @returns the id under which the page lists it: the recipe's name
 * @throws RankscopeError 'bad-input' when the list cannot be read
 */
export async function listStudent(
  { recipe, layout }: StageContext,
  index: string,
): Promise<{ readonly id: string; readonly index: string }> {
  await readIndex(index);
  const id = slug(recipe.export.name ?? recipe.name).toLowerCase();
  const folder = join(dirname(resolve(index)), id);
  const text = await readFile(join(layout.student, 'ranker.json'), 'utf8');
  const card = parseRankerCard(text, join(layout.student, 'ranker.json'));
  await refuseAnother(folder, card);
  // The old card goes first and the new one comes last: a folder with a card is whole.
  await rm(join(folder, 'ranker.json'), { force: true });
  for (const file of [...Object.keys(card.files), 'README.md', 'ranker.json']) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // In pieces: weights may have more than the 2 GiB that Node reads at once.
    await writeAtomicPieces(join(folder, file), createReadStream(join(layout.student, file)));
  }
  await addToIndex(index, folder, card);
  return { id, index };
}

/** A model of another name in the same place would be lost. */
async function refuseAnother(folder: string, { name }: RankerCard): Promise<void> {
  const path = join(folder, 'ranker.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined || parseRankerCard(text, path).name === name) return;
  throw new RankscopeError(
    'bad-input',
    `${folder} already contains another model. Give the student another export.name.`,
  );
}
