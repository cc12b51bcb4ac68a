/** Which files of a folder are handed out: those that the cards of its checkpoints name, and nothing else. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';

const CARD = 'ranker.json';

export interface Checkpoint {
  /** Below the folder that is served, ending in `/`; empty where that is the checkpoint itself. */
  readonly path: string;
  readonly card: RankerCard;
}

/** A name of one folder or file: no upward step, nothing hidden, nothing that means something to some system. */
const isPlain = (name: string): boolean => name !== '' && !name.startsWith('.') && !/[\\/:\0]/.test(name);

/**
 * The folder itself where it is a checkpoint, else the checkpoints directly in it.
 * @throws RankscopeError 'missing' or 'bad-input' where there is none, 'bad-checkpoint' for a card that is wrong
 */
export async function findCheckpoints(folder: string): Promise<Checkpoint[]> {
  const names = await readdir(folder).catch((error: { code?: string }) => {
    const reason = error.code === 'ENOTDIR' ? 'is not a folder' : 'is not there or cannot be read';
    throw new RankscopeError('missing', `${folder} ${reason}.`, { file: folder });
  });
  const inside = names.includes(CARD)
    ? ['']
    : names
        .filter(isPlain)
        .sort()
        .map((name) => `${name}/`);
  const found = await Promise.all(inside.map((path) => checkpointAt(folder, path)));
  const checkpoints = found.filter((one) => one !== undefined);
  if (checkpoints.length > 0) return checkpoints;
  throw new RankscopeError(
    'bad-input',
    `${folder} has no ${CARD}, and no folder in it has one. Give the folder that export, convert or distill wrote.`,
    { file: folder },
  );
}

async function checkpointAt(folder: string, path: string): Promise<Checkpoint | undefined> {
  const file = await fileIn(folder, `${path}${CARD}`);
  if (file === undefined) return undefined;
  return { path, card: parseRankerCard(await readFile(file, 'utf8'), join(folder, path, CARD)) };
}

/**
 * The file that may be sent for a path, as the cards are now: a checkpoint that is made again while it is served is
 * never handed out half.
 * @param path below the folder, decoded, without a slash at its front
 */
export async function servedFile(folder: string, path: string): Promise<string | undefined> {
  const parts = path.split('/');
  if (!parts.every(isPlain)) return undefined;
  const own = await checkpointAt(folder, '').catch(() => undefined);
  const [first = '', ...rest] = parts;
  const checkpoint =
    own ?? (rest.length > 0 ? await checkpointAt(folder, `${first}/`).catch(() => undefined) : undefined);
  if (!checkpoint) return undefined;
  const file = path.slice(checkpoint.path.length);
  const isNamed = file === CARD || file === 'README.md' || Object.hasOwn(checkpoint.card.files, file);
  return isNamed ? fileIn(folder, path) : undefined;
}

/** The real path of a plain file, where that lies in the folder once symbolic links are followed. */
async function fileIn(folder: string, path: string): Promise<string | undefined> {
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return real.startsWith(root.endsWith(sep) ? root : root + sep) && (await stat(real)).isFile()
      ? real
      : undefined;
  } catch {
    return undefined;
  }
}

/** For people: what is offered, e.g. `tiny (student, int8 and q8)`. */
export function checkpointText({ card: { name, role, scorers } }: Checkpoint): string {
  return `${name} (${role}, ${Object.keys(scorers).join(' and ')})`;
}
