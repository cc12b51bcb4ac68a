/** The file beside a corpus that counts how often each passage is mentioned. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { type Counts, NO_COUNTS } from '../../src/evaluation/baselines/baselines.ts';
import { isCountsFile, readCounts } from '../../src/formats/counts.ts';
import { isFolder } from './beir.ts';
import { readText } from './read-jobs.ts';

/**
 * @param path a BEIR folder, or a file beside which the counts lie
 * @param given the file itself, where it is named
 * @throws RankscopeError 'missing' where there is no such file, 'bad-input' for what is wrong in it
 */
export async function readCountsOf(path: string, given: string | undefined): Promise<Counts> {
  const file = given ?? (await countsBeside(path));
  if (file === undefined) throw new RankscopeError('missing', `${path}: ${NO_COUNTS}`);
  return readCounts(await readText(file), file);
}

async function countsBeside(path: string): Promise<string | undefined> {
  const folder = (await isFolder(path)) ? path : dirname(path);
  const found = (await readdir(folder)).filter(isCountsFile).sort();
  if (found.length > 1) {
    throw new RankscopeError(
      'bad-input',
      `${folder} has more than one file with counts: ${found.join(', ')}. Name one with --popularity.`,
    );
  }
  return found[0] === undefined ? undefined : join(folder, found[0]);
}
