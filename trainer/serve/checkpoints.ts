/**
 * Which files of a folder are handed out: those that the cards of its checkpoints name, those that a model in
 * transformers.js' layout has by its names, and nothing else.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import { kindOf } from '../../src/checkpoint/kinds.ts';
import { isModelFile } from '../../src/checkpoint/layout-files.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import { nodeFolder } from '../node/folder.ts';

const CARD = 'ranker.json';

export interface Checkpoint {
  /** Below the folder that is served, ending in `/`; empty where that is the checkpoint itself. */
  readonly path: string;
  readonly card: Pick<RankerCard, 'name' | 'role' | 'scorers'>;
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
  const isOne = names.includes(CARD) || (await isLayout(folder, ''));
  const inside = isOne
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
    `${folder} has no ${CARD}, and no folder in it has one. Give the folder that export, convert or distill wrote, or a model in transformers.js’ layout.`,
    { file: folder },
  );
}

async function checkpointAt(folder: string, path: string): Promise<Checkpoint | undefined> {
  const card = await cardAt(folder, path);
  if (card) return { path, card };
  if (!(await isLayout(folder, path))) return undefined;
  const model = nodeFolder(join(folder, path));
  const files = await model.list();
  return { path, card: await kindOf(files)!.describe(model, files) };
}

async function cardAt(folder: string, path: string): Promise<RankerCard | undefined> {
  const file = await fileIn(folder, `${path}${CARD}`);
  return file === undefined
    ? undefined
    : parseRankerCard(await readFile(file, 'utf8'), join(folder, path, CARD));
}

/** Whether a folder is a model in transformers.js' layout, by its names. */
async function isLayout(folder: string, path: string): Promise<boolean> {
  if ((await fileIn(folder, `${path}config.json`)) === undefined) return false;
  const graphs = await readdir(join(folder, path, 'onnx')).catch(() => []);
  return kindOf(graphs.map((name) => ({ path: `onnx/${name}`, size: 0 }))) !== undefined;
}

/**
 * The file that may be sent for a path, as the cards are now: a checkpoint that is made again while it is served is
 * never handed out half.
 * @param path below the folder, decoded, without a slash at its front
 */
export async function servedFile(folder: string, path: string): Promise<string | undefined> {
  const parts = path.split('/');
  if (!parts.every(isPlain)) return undefined;
  const [first = '', ...rest] = parts;
  for (const inside of rest.length > 0 ? ['', `${first}/`] : ['']) {
    const named = await namedBy(folder, inside);
    if (named) return named(path.slice(inside.length)) ? fileIn(folder, path) : undefined;
  }
  return undefined;
}

/** Which files of a model may be sent; undefined where there is no model. */
async function namedBy(folder: string, path: string): Promise<((file: string) => boolean) | undefined> {
  const card = await cardAt(folder, path).catch(() => undefined);
  if (card) return (file) => file === CARD || file === 'README.md' || Object.hasOwn(card.files, file);
  return (await isLayout(folder, path)) ? isModelFile : undefined;
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
