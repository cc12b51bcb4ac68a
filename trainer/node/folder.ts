/** A folder on disk. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../../src/bytes/byte-errors.ts';
import type { FolderFile, FolderReader } from '../../src/bytes/byte-source.ts';
import { RankscopeError } from '../../src/errors.ts';
import { ByteFile } from './byte-file.ts';

/** A checkpoint has files at its top and in `onnx`; a path given by mistake may have a whole disk below it. */
const DEPTH = 3;

/** @param advice a sentence for a file that is not there */
export function nodeFolder(
  path: string,
  advice = 'Is this a checkpoint folder (with ranker.json)?',
): FolderReader {
  const name = path.endsWith('/') ? path : `${path}/`;
  return {
    name,
    async list() {
      try {
        return await filesBelow(path, '', DEPTH);
      } catch (error) {
        throw new RankscopeError('missing', `${path} cannot be read: ${reasonOf(error)}.`, { file: path });
      }
    },
    open: (file) => ByteFile.open(`${name}${file}`, advice),
  };
}

async function filesBelow(root: string, inside: string, depth: number): Promise<FolderFile[]> {
  const files: FolderFile[] = [];
  for (const name of await readdir(join(root, inside))) {
    // .git may hold the weights a second time.
    if (name.startsWith('.')) continue;
    const path = inside + name;
    // The hub's cache keeps links to files; one that leads nowhere is not there.
    const found = await stat(join(root, path)).catch(() => undefined);
    if (found?.isFile()) files.push({ path, size: found.size });
    // What may not be looked into is not part of a checkpoint.
    if (found?.isDirectory() && depth > 1) {
      files.push(...(await filesBelow(root, `${path}/`, depth - 1).catch(() => [])));
    }
  }
  return files;
}
