/** `public/models/index.json`: which checkpoints the page offers (src/state/models/catalog.ts reads it). */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { chooseDtype } from '../../src/checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { scorerFiles } from '../../src/checkpoint/scorer-files.ts';
import { messageOf, RankscopeError } from '../../src/errors.ts';
import { parseShallowJson } from '../../src/json-text.ts';
import { writeAtomic } from '../node/atomic.ts';

interface ModelEntry {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  /** Below the index's folder, ending in `/`. */
  readonly path: string;
  /** What the page downloads to use it on WASM. */
  readonly bytes: number;
}

/** Reads the entries; none where there is no file. @throws RankscopeError 'bad-input' for anything else. */
export async function readIndex(file: string): Promise<ModelEntry[]> {
  if (!existsSync(file)) return [];
  let json: unknown;
  try {
    json = parseShallowJson(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = messageOf(error);
    throw new RankscopeError('bad-input', `${file} is not JSON (${reason}). Correct or remove it.`, { file });
  }
  const { version, models } = (json ?? {}) as { version?: unknown; models?: unknown };
  if (version === 1 && Array.isArray(models)) return models as ModelEntry[];
  throw new RankscopeError('bad-input', `${file} is not a list of models (version 1). Correct or remove it.`);
}

/**
 * Adds a checkpoint folder, or replaces the entry of the same id (the folder's name).
 * @throws RankscopeError 'bad-input' when the folder does not lie beside or below the index.
 */
export async function addToIndex(file: string, folder: string, card: RankerCard): Promise<ModelEntry> {
  const path = entryPath(file, folder);
  const entry: ModelEntry = {
    id: basename(resolve(folder)),
    role: card.role,
    name: card.name,
    path,
    bytes: downloadBytes(card),
  };
  const models = await readIndex(file);
  const at = models.findIndex(({ id }) => id === entry.id);
  if (at < 0) models.push(entry);
  else models[at] = entry;
  await writeAtomic(file, `${JSON.stringify({ version: 1, models }, null, 2)}\n`);
  return entry;
}

export function entryPath(file: string, folder: string): string {
  const path = relative(dirname(resolve(file)), resolve(folder));
  if (path === '' || path.startsWith('..')) {
    throw new RankscopeError(
      'bad-input',
      `${folder} is not inside the folder of ${file}, from which the page is served. Choose an --output there.`,
    );
  }
  return `${path.split(sep).join('/')}/`;
}

function downloadBytes(card: RankerCard): number {
  const scorer = scorerFiles(card, chooseDtype(card, 'wasm'));
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', ...scorer];
  return files.reduce((sum, file) => sum + (card.files[file]?.bytes ?? 0), 0);
}
