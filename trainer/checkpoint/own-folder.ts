/**
 * Which folders are ours. A checkpoint folder of ours has ranker.json when it is whole; before that, a mark says that it is
 * being made. Any other folder with files of these names (a repository with its README, a downloaded model) is not
 * written over.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { writeAtomic } from '../node/atomic.ts';

const MARK = '.rankscope-unfinished';
const WRITTEN = ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

/** @throws RankscopeError 'bad-input' for a folder whose files would be replaced and are not ours */
export async function refuseForeignFolder(folder: string): Promise<void> {
  const names: string[] = await readdir(folder).catch(() => []);
  if (names.includes('ranker.json') || names.includes(MARK)) return;
  const found = WRITTEN.filter((name) => names.includes(name));
  if (found.length === 0) return;
  throw new RankscopeError(
    'bad-input',
    `${folder} holds ${found.join(', ')} and no ranker.json: this trainer did not make it, so nothing in it is replaced. Choose another --output.`,
  );
}

/** Before the first file, and before an old ranker.json goes. */
export async function markUnfinished(folder: string): Promise<void> {
  await writeAtomic(join(folder, MARK), 'This checkpoint folder is being made, or was stopped.\n');
}

/** When ranker.json is there. */
export async function removeMark(folder: string): Promise<void> {
  await rm(join(folder, MARK), { force: true });
}
